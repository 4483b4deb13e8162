// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/contact_sheet.hpp>
#include <rdenoise/error.hpp>

#include "chart/base64.hpp"
#include "chart/svg_file.hpp"
#include "chart/svg_text.hpp"

namespace rdenoise {
namespace {

constexpr int margin_px = 20;
constexpr int gap_px = 14;
constexpr int label_size_px = 12;
constexpr int label_row_px = 16;
constexpr double label_character_px = 0.6 * label_size_px;  // mean of a sans-serif face: an estimate
constexpr int heading_size_px = 16;
constexpr int title_size_px = 20;

void check(const ContactSheet& sheet) {
  const auto refuse = [](const std::string& expected, const std::string& found) {
    throw Error(ErrorCode::invalid_argument, "drawing a contact sheet: expected " + expected + ", found " + found);
  };
  if (sheet.width_px < 200 || sheet.width_px > 10000)
    refuse("a width from 200 to 10000 px", std::to_string(sheet.width_px));
  const int room_px = sheet.width_px - 2 * margin_px;
  for (const SheetSection& section : sheet.sections)
    for (const SheetTile& tile : section.tiles)
      if (tile.png.empty() || tile.width_px < 1 || tile.height_px < 1 || tile.width_px > room_px)
        refuse("tiles with a picture, no wider than " + std::to_string(room_px) + " px",
               std::to_string(tile.width_px) + "x" + std::to_string(tile.height_px) + " px with " +
                   std::to_string(tile.png.size()) + " bytes");
}

/// The room that a tile takes: its picture, or its label if that is wider.
int cell_width_px(const SheetTile& tile) {
  int longest = 0;
  for (const std::string& line : tile.label) longest = std::max(longest, character_count(line));
  return std::max(tile.width_px, static_cast<int>(label_character_px * longest));
}

/// A page that is filled from top to bottom.
class Page {
 public:
  explicit Page(int width_px) : width_px_(width_px) {}

  void text(const std::string& line, int size_px, const char* style) {
    y_px_ += size_px;
    body_ += text_svg(margin_px, y_px_, size_px, style, line);
    y_px_ += size_px / 2;
  }

  void space(int height_px) { y_px_ += height_px; }

  void tiles(const std::vector<SheetTile>& tiles) {
    for (std::size_t begin = 0; begin < tiles.size();) {
      std::size_t end = begin;
      int x_px = margin_px;
      int row_px = 0;
      // The first of a row fits, if not its label: the picture was checked.
      for (; end < tiles.size() && (end == begin || x_px + cell_width_px(tiles[end]) <= width_px_ - margin_px); ++end) {
        body_ += tile_svg(tiles[end], x_px);
        x_px += cell_width_px(tiles[end]) + gap_px;
        row_px = std::max(row_px, tiles[end].height_px + label_row_px * static_cast<int>(tiles[end].label.size()));
      }
      y_px_ += row_px + gap_px;
      begin = end;
    }
  }

  [[nodiscard]] std::string document() const {
    const std::string width = std::to_string(width_px_);
    const std::string height = std::to_string(y_px_ + margin_px);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\""
           " width=\"" +
           width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height +
           "\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">\n<rect width=\"" + width + "\" height=\"" +
           height + "\" fill=\"#ffffff\"/>\n" + body_ + "</svg>\n";
  }

 private:
  static std::string text_svg(int x_px, int y_px, int size_px, const std::string& style, const std::string& line) {
    return "<text x=\"" + std::to_string(x_px) + "\" y=\"" + std::to_string(y_px) + "\" font-size=\"" +
           std::to_string(size_px) + "\" " + style + ">" + xml_escaped(line) + "</text>\n";
  }

  [[nodiscard]] std::string tile_svg(const SheetTile& tile, int x_px) const {
    std::string svg = "<image x=\"" + std::to_string(x_px) + "\" y=\"" + std::to_string(y_px_) + "\" width=\"" +
                      std::to_string(tile.width_px) + "\" height=\"" + std::to_string(tile.height_px) +
                      "\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\""
                      " xlink:href=\"data:image/png;base64," +
                      base64(tile.png) + "\"/>\n";
    if (!tile.link.empty()) svg = "<a xlink:href=\"" + xml_escaped(tile.link) + "\">" + svg + "</a>\n";
    int line_y_px = y_px_ + tile.height_px;
    for (const std::string& line : tile.label)
      svg += text_svg(x_px, line_y_px += label_row_px, label_size_px, "fill=\"#333333\"", line);
    return svg;
  }

  int width_px_;
  int y_px_ = margin_px;
  std::string body_;
};

}  // namespace

std::string to_svg(const ContactSheet& sheet) {
  check(sheet);
  Page page(sheet.width_px);
  if (!sheet.title.empty()) page.text(sheet.title, title_size_px, "font-weight=\"bold\" fill=\"#111111\"");
  for (const SheetSection& section : sheet.sections) {
    page.space(gap_px);
    page.text(section.title, heading_size_px, "font-weight=\"bold\" fill=\"#111111\"");
    for (const std::string& note : section.notes) page.text(note, label_size_px, "fill=\"#333333\"");
    page.space(gap_px / 2);
    page.tiles(section.tiles);
  }
  return page.document();
}

void write_svg(const std::filesystem::path& path, const ContactSheet& sheet) { write_svg_text(path, to_svg(sheet)); }

}  // namespace rdenoise

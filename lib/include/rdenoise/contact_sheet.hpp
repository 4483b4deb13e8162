// SPDX-License-Identifier: LGPL-2.1-or-later
// Many small pictures with labels on one page, as an SVG file that holds them all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace rdenoise {

struct SheetTile {
  std::vector<std::byte> png;  ///< of a PNG file
  int width_px = 0;            ///< as drawn on the page
  int height_px = 0;
  std::vector<std::string> label;  ///< lines below the picture
  std::string link;                ///< where a click leads, relative to the sheet; empty: nowhere
};

/// Tiles from left to right in rows, under a heading.
struct SheetSection {
  std::string title;
  std::vector<std::string> notes;  ///< lines between title and tiles
  std::vector<SheetTile> tiles;
};

struct ContactSheet {
  std::string title;
  std::vector<SheetSection> sections;
  int width_px = 1500;  ///< of the page; its height follows
};

/// The sheet as an SVG 1.1 document, as high as it needs to be. Pictures are stretched to the size of their tile, with
/// their pixels showing. Texts are escaped as in a chart.
/// throws  Error{invalid_argument} for a page narrower than 200 px or wider than 10000, or a tile that is empty or
///         does not fit on it
[[nodiscard]] std::string to_svg(const ContactSheet& sheet);

/// Writes to_svg() to a file, atomically.
/// throws  as to_svg; Error{io}
void write_svg(const std::filesystem::path& path, const ContactSheet& sheet);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <rdenoise/contact_sheet.hpp>
#include <rdenoise/error.hpp>
#include <regex>
#include <string>
#include <string_view>

#include "chart/base64.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

SheetTile tile(int width_px, int height_px, std::vector<std::string> label = {}) {
  return {bytes_of("foobar"), width_px, height_px, std::move(label), ""};
}

struct Place {
  int x_px;
  int y_px;
};

/// Where the pictures stand, in order.
std::vector<Place> picture_places(const std::string& svg) {
  const std::regex pattern("<image x=\"(\\d+)\" y=\"(\\d+)\"");
  std::vector<Place> places;
  for (std::sregex_iterator i(svg.begin(), svg.end(), pattern); i != std::sregex_iterator(); ++i)
    places.push_back({std::stoi((*i)[1]), std::stoi((*i)[2])});
  return places;
}

TEST(Base64, gives_the_examples_of_rfc_4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : examples) EXPECT_EQ(base64(bytes_of(plain)), coded);
  EXPECT_EQ(base64(bytes_of("\xfb\xff")), "+/8=");
}

TEST(ContactSheet, wraps_rows_at_the_page_and_keeps_them_apart) {
  ContactSheet sheet;
  sheet.width_px = 400;
  sheet.sections.push_back({"a", {}, {tile(150, 100, {"one", "two"}), tile(150, 80), tile(150, 100)}});
  const std::vector<Place> places = picture_places(to_svg(sheet));
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0].y_px, places[1].y_px);
  EXPECT_GE(places[1].x_px, places[0].x_px + 150);
  EXPECT_EQ(places[2].x_px, places[0].x_px);
  // Two lines of labels, 12 px each at least, stand between.
  EXPECT_GE(places[2].y_px, places[0].y_px + 100 + 2 * 12);
}

TEST(ContactSheet, gives_a_tile_the_room_that_its_label_needs) {
  ContactSheet sheet;
  const std::string line(30, 'x');
  sheet.sections.push_back({"a", {}, {tile(20, 20, {line}), tile(20, 20)}});
  const std::vector<Place> places = picture_places(to_svg(sheet));
  // Letters are half as wide as high, or more.
  EXPECT_GE(places[1].x_px, places[0].x_px + 30 * 6);
  sheet.width_px = 200;
  sheet.sections[0].tiles[0].label = {std::string(1000, 'x')};
  EXPECT_EQ(picture_places(to_svg(sheet)).size(), 2U) << "however long a label is";
}

TEST(ContactSheet, holds_its_pictures_and_escapes_its_texts) {
  ContactSheet sheet;
  sheet.title = "a < b";
  sheet.sections.push_back({"c & d", {"\"note\""}, {tile(10, 10, {"x > y"})}});
  sheet.sections[0].tiles[0].link = "a&b.png";
  const std::string svg = to_svg(sheet);
  for (const char* expected : {"a &lt; b", "c &amp; d", "&quot;note&quot;", "x &gt; y",
                               "data:image/png;base64,Zm9vYmFy", "xlink:href=\"a&amp;b.png\""})
    EXPECT_NE(svg.find(expected), std::string::npos) << expected;
}

TEST(ContactSheet, refuses_tiles_that_do_not_fit) {
  ContactSheet sheet;
  sheet.width_px = 300;
  for (const SheetTile& bad : {tile(400, 10), tile(10, 0), SheetTile{{}, 10, 10, {}, ""}}) {
    sheet.sections = {{"", {}, {bad}}};
    EXPECT_THROW(static_cast<void>(to_svg(sheet)), Error);
  }
  sheet.sections.clear();
  sheet.width_px = 20;
  EXPECT_THROW(static_cast<void>(to_svg(sheet)), Error);
}

TEST(ContactSheet, is_written_as_it_is) {
  const test::TemporaryFolder folder;
  ContactSheet sheet;
  sheet.sections.push_back({"a", {}, {tile(10, 10)}});
  write_svg(folder / "sheet.svg", sheet);
  std::ifstream file(folder / "sheet.svg");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), to_svg(sheet));
}

}  // namespace
}  // namespace rdenoise

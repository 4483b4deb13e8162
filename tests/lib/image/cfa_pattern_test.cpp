// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/image.hpp>
#include <string>

namespace rdenoise {
namespace {

constexpr std::array all_patterns = {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};

TEST(CfaPattern, name_spells_the_colors_of_the_cell) {
  for (const CfaPattern pattern : all_patterns) {
    std::string spelled;
    for (int y = 0; y < 2; ++y) {
      for (int x = 0; x < 2; ++x) spelled += "rgb"[cfa_color_at(pattern, x, y)];
    }
    EXPECT_EQ(spelled, to_string(pattern));
  }
}

TEST(CfaPattern, colors_repeat_every_two_pixels_also_left_of_and_above_the_origin) {
  for (const CfaPattern pattern : all_patterns) {
    for (int y = -5; y < 6; ++y) {
      for (int x = -5; x < 6; ++x) {
        EXPECT_EQ(cfa_color_at(pattern, x, y), cfa_color_at(pattern, (x + 6) % 2, (y + 6) % 2));
      }
    }
  }
}

TEST(CfaPattern, red_phase_is_where_red_is) {
  for (const CfaPattern pattern : all_patterns) {
    const CfaPhase red = red_phase(pattern);
    EXPECT_EQ(cfa_color_at(pattern, red.x_px, red.y_px), 0);
    EXPECT_EQ(cfa_color_at(pattern, red.x_px + 1, red.y_px + 1), 2);
  }
}

TEST(CfaPattern, shifted_pattern_shows_the_same_colors_at_the_moved_origin) {
  for (const CfaPattern pattern : all_patterns) {
    for (int dy = -3; dy <= 3; ++dy) {
      for (int dx = -3; dx <= 3; ++dx) {
        const CfaPattern moved = shifted(pattern, dx, dy);
        for (int site = 0; site < 4; ++site) {
          const int x = site % 2;
          const int y = site / 2;
          EXPECT_EQ(cfa_color_at(moved, x, y), cfa_color_at(pattern, x + dx, y + dy));
        }
      }
    }
  }
}

}  // namespace
}  // namespace rdenoise

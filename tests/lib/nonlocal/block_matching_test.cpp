// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/block_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "noisy_pictures.hpp"
#include "nonlocal/block_pass.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

MatchingPlane plane_of(const Image& image) { return {image.plane(0), image.width_px(), image.height_px()}; }

void expect_same(const BlockGroup& fast, const BlockGroup& plain) {
  ASSERT_EQ(fast.count, plain.count);
  EXPECT_TRUE(std::ranges::equal(fast.blocks(), plain.blocks()));
}

TEST(BlockMatching, fast_and_plain_find_the_same_blocks_in_the_same_order) {
  const MatchingPlane plane = plane_of(test::with_noise(test::formula_gray(70, 61), 20.0));
  for (const BlockGrouping& grouping :
       std::vector<BlockGrouping>{{},
                                  {.max_blocks = 32, .max_distance_8bit2 = 1000},
                                  {.block_px = 11, .max_blocks = 32, .max_distance_8bit2 = 1e9},
                                  {.block_px = 10, .search_px = 21, .max_distance_8bit2 = 2500},
                                  {.block_px = 5, .search_px = 7, .max_blocks = 4, .max_distance_8bit2 = 1500},
                                  {.max_blocks = 1},
                                  {.search_px = 1}})
    for (const int y : {0, 17, 61 - grouping.block_px})
      for (const int x : {0, 3, 31, 70 - grouping.block_px})
        expect_same(match_blocks(plane, {x, y}, grouping), match_blocks_plain(plane, {x, y}, grouping));
}

TEST(BlockMatching, of_blocks_that_are_alike_the_upper_left_come_first) {
  const MatchingPlane plane = plane_of(test::flat_picture(ColorModel::gray, 64, 64, 0.5F));
  const BlockGrouping grouping{.max_blocks = 4};
  const BlockGroup group = match_blocks(plane, {30, 30}, grouping);
  expect_same(group, match_blocks_plain(plane, {30, 30}, grouping));
  ASSERT_EQ(group.count, 4);
  EXPECT_EQ(group.positions[0], (BlockPosition{30, 30}));
  for (int b = 1; b < 4; ++b) EXPECT_EQ(group.positions[b], (BlockPosition{10 + b, 11})) << b;
}

TEST(BlockMatching, finds_every_block_of_a_periodic_pattern) {
  Image image(ColorModel::gray, 64, 64);
  // The phases differ by 0.1 signal and more within a period of 13×13.
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) image.at(0, x, y) = static_cast<float>((x % 13) * 5 % 13 + (y % 13) * 7 % 13) / 26.F;
  const BlockGroup group = match_blocks(plane_of(image), {26, 26}, {.max_distance_8bit2 = 1.0});
  // Offsets of −13, 0, 13 in both directions: 9, cut to a power of two.
  EXPECT_EQ(group.count, 8);
  for (const BlockPosition& position : group.blocks()) {
    EXPECT_EQ(position.x_px % 13, 0);
    EXPECT_EQ(position.y_px % 13, 0);
  }
}

TEST(BlockMatching, blocks_that_are_no_number_match_nothing) {
  Image image = test::flat_picture(ColorModel::gray, 24, 24, 0.5F);
  image.at(0, 12, 12) = std::numeric_limits<float>::quiet_NaN();
  const MatchingPlane plane = plane_of(image);
  EXPECT_EQ(match_blocks(plane, {10, 10}, {}).count, 1);
  const BlockGroup group = match_blocks(plane, {0, 0}, {});
  EXPECT_GT(group.count, 1);
  for (const BlockPosition& position : group.blocks())
    EXPECT_TRUE(position.x_px < 5 || position.x_px > 12 || position.y_px < 5 || position.y_px > 12);
}

TEST(BlockMatching, origins_step_through_the_extent_and_end_with_it) {
  EXPECT_EQ(block_origins(8, 8, 3), (std::vector<int>{0}));
  EXPECT_EQ(block_origins(14, 8, 3), (std::vector<int>{0, 3, 6}));
  EXPECT_EQ(block_origins(15, 8, 3), (std::vector<int>{0, 3, 6, 7}));
}

}  // namespace
}  // namespace rdenoise

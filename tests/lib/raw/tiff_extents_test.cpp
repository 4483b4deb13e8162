// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/tiff_extents.hpp"

#include <gtest/gtest.h>

#include <array>

namespace rdenoise {
namespace {

constexpr unsigned directory = 16;

void add(TiffExtents& extents, unsigned tag, std::vector<std::uint32_t> values, std::uint32_t base = 0) {
  extents.add(directory, tag, values, static_cast<std::uint32_t>(values.size()), base);
}

TEST(TiffExtents, strips_must_lie_within_the_file) {
  TiffExtents extents;
  add(extents, 0x111, {100, 200});
  add(extents, 0x117, {100, 50});
  const TiffPicture* picture = extents.at(100);
  ASSERT_NE(picture, nullptr);
  EXPECT_TRUE(picture->lies_within(250));
  EXPECT_FALSE(picture->lies_within(249));
  EXPECT_EQ(extents.at(200), nullptr);
}

TEST(TiffExtents, sums_beyond_32_bits_do_not_wrap) {
  TiffExtents extents;
  add(extents, 0x111, {0xfffffff0U});
  add(extents, 0x117, {0x20});
  EXPECT_FALSE(extents.at(0xfffffff0U)->lies_within(0xffffffffULL));
}

TEST(TiffExtents, offsets_count_from_the_base) {
  TiffExtents extents;
  add(extents, 0x111, {100}, 12);
  EXPECT_NE(extents.at(112), nullptr);
}

TEST(TiffExtents, a_list_that_is_cut_short_is_not_whole) {
  TiffExtents extents;
  const std::array<std::uint32_t, 1> one{10};
  extents.add(directory, 0x144, one, 3, 0);
  EXPECT_FALSE(extents.at(10)->lies_within(1000));
}

TEST(TiffExtents, several_tiles_are_found_by_the_place_of_their_list) {
  TiffExtents extents;
  add(extents, 0x144, {500, 600});
  extents.set_list_position(directory, 77);
  EXPECT_NE(extents.at(77), nullptr);
  EXPECT_NE(extents.at(500), nullptr);
}

TEST(TiffExtents, a_few_bytes_are_no_pixels) {
  TiffExtents extents;
  add(extents, 0x100, {4000});
  add(extents, 0x101, {3000});
  add(extents, 0x103, {7});
  add(extents, 0x111, {8});
  add(extents, 0x117, {16});
  EXPECT_EQ(extents.largest_whole(1000), nullptr);
  add(extents, 0x117, {4000 * 3000 / 8});
  ASSERT_NE(extents.largest_whole(4000 * 3000), nullptr);
  EXPECT_EQ(extents.largest_whole(4000 * 3000)->compression, 7U);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/stored_picture.hpp"

#include <gtest/gtest.h>

#include "support/formula_pictures.hpp"

namespace rdenoise::training {
namespace {

Image turned_left(const Image& in) {
  const int n = in.width_px();
  Image out(in.color_model(), n, n);
  for (int c = 0; c < in.plane_count(); ++c)
    for (int y = 0; y < n; ++y)
      for (int x = 0; x < n; ++x) out.at(c, x, y) = in.at(c, n - 1 - y, x);
  return out;
}

Image mirrored(const Image& in) {
  Image out = in;
  for (int c = 0; c < in.plane_count(); ++c)
    for (int y = 0; y < in.height_px(); ++y)
      for (int x = 0; x < in.width_px(); ++x) out.at(c, x, y) = in.at(c, in.width_px() - 1 - x, y);
  return out;
}

// One step of 8 bits is the error of storing; half of it by rounding.
constexpr float rounding = 0.5F / 255.F + 1e-6F;

TEST(stored_picture, a_crop_is_the_picture_there_mirrored_and_turned) {
  const Image picture = test::formula_rgb(40, 30);
  const StoredPicture kept = stored(picture);
  for (int turn = 0; turn < 8; ++turn) {
    Image expected = cut(picture, 11, 5, 17);
    if ((turn & 4) != 0) expected = mirrored(expected);
    for (int quarter = 0; quarter < (turn & 3); ++quarter) expected = turned_left(expected);
    const Image patch = crop(kept, {11, 5, turn}, 17);
    ASSERT_EQ(patch.samples().size(), expected.samples().size());
    for (std::size_t i = 0; i < patch.samples().size(); ++i)
      ASSERT_NEAR(patch.samples()[i], expected.samples()[i], rounding) << turn << ' ' << i;
  }
}

TEST(stored_picture, gray_is_luma_and_color_of_gray_is_neutral) {
  Image rgb(ColorModel::rgb, 8, 8);
  rgb.at(0, 3, 4) = 1.F;
  rgb.at(1, 4, 4) = 1.F;
  rgb.at(2, 5, 4) = 1.F;
  const Image gray = converted(rgb, ColorModel::gray);
  EXPECT_FLOAT_EQ(gray.at(0, 3, 4), 0.299F);
  EXPECT_FLOAT_EQ(gray.at(0, 4, 4), 0.587F);
  EXPECT_FLOAT_EQ(gray.at(0, 5, 4), 0.114F);
  const Image back = converted(gray, ColorModel::rgb);
  for (int c = 0; c < 3; ++c) EXPECT_EQ(back.at(c, 4, 4), gray.at(0, 4, 4));
}

TEST(stored_picture, what_lies_outside_of_the_range_is_clipped) {
  Image gray(ColorModel::gray, 2, 1);
  gray.at(0, 0, 0) = -0.5F;
  gray.at(0, 1, 0) = 1.5F;
  EXPECT_EQ(stored(gray).samples, (std::vector<std::uint8_t>{0, 255}));
}

}  // namespace
}  // namespace rdenoise::training

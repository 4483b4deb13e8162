// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>

namespace rdenoise {
namespace {

Image flat_mosaic(float red, float green, float blue, CfaPattern cfa) {
  Image rgb(ColorModel::rgb, 16, 12);
  std::ranges::fill(rgb.plane(0), red);
  std::ranges::fill(rgb.plane(1), green);
  std::ranges::fill(rgb.plane(2), blue);
  return mosaic_from_rgb(rgb, cfa);
}

TEST(GrayWorld, gains_make_the_mean_gray) {
  for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
    const auto gains = gray_world_gains(flat_mosaic(0.2F, 0.4F, 0.1F, cfa).view());
    EXPECT_NEAR(gains[0], 2.F, 1e-5F);
    EXPECT_EQ(gains[1], 1.F);
    EXPECT_NEAR(gains[2], 4.F, 1e-5F);
  }
}

TEST(GrayWorld, clipped_and_black_sites_do_not_count) {
  Image mosaic = flat_mosaic(0.2F, 0.4F, 0.1F, CfaPattern::rggb);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 16; ++x) mosaic.at(0, x, y) = y < 2 ? 1.F : 0.F;
  }
  const auto gains = gray_world_gains(mosaic.view());
  EXPECT_NEAR(gains[0], 2.F, 1e-5F);
  EXPECT_NEAR(gains[2], 4.F, 1e-5F);
}

TEST(GrayWorld, a_picture_without_usable_sites_has_gains_of_one) {
  const std::array<float, 3> ones{1.F, 1.F, 1.F};
  EXPECT_EQ(gray_world_gains(flat_mosaic(0.F, 0.F, 0.F, CfaPattern::rggb).view()), ones);
  EXPECT_EQ(gray_world_gains(Image(ColorModel::bayer, 1, 1).view()), ones);
}

TEST(GrayWorld, refuses_what_is_no_mosaic) {
  const Image gray(ColorModel::gray, 4, 4);
  EXPECT_THROW((void)gray_world_gains(gray.view()), Error);
}

}  // namespace
}  // namespace rdenoise

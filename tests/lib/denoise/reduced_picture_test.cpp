// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/reduced_picture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <rdenoise/resize.hpp>

#include "lib/denoise/frames.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

/// The frame reduced to width × height, `planes` planes.
std::vector<float> reduced(const ConstFrameView& frame, int width_px, int height_px, int planes = 1) {
  std::vector<float> values(static_cast<std::size_t>(planes) * width_px * height_px);
  std::vector<float> scratch;
  reduce_picture(frame, {values.data(), planes, height_px, width_px}, scratch);
  return values;
}

TEST(ReducedPicture, is_the_mean_of_whole_cells_where_every_row_is_read) {
  // Cells of 6 × 3 pixels; resize, the plain twin, reads every pixel.
  const Image gray = test::formula_gray(192, 60);
  // Sums of 18 numbers below 1 in float, in another order: 18·2^-24.
  EXPECT_LT(test::max_abs_difference(reduced(gray.view(), 32, 20), resize(gray, 32, 20, ResizeFilter::area).samples()),
            2e-6F);
  const Image rgb = test::formula_rgb(192, 60);
  EXPECT_LT(test::max_abs_difference(reduced(rgb.view(), 32, 20, 3), resize(rgb, 32, 20, ResizeFilter::area).samples()),
            2e-6F);
}

TEST(ReducedPicture, of_a_ramp_is_exact_though_few_rows_are_read) {
  // The rows that are read lie evenly in the cell, so that their mean is the cell's.
  Image ramp(ColorModel::gray, 320, 672);
  for (int y = 0; y < 672; ++y)
    for (int x = 0; x < 320; ++x) ramp.at(0, x, y) = static_cast<float>(x + 2 * y) / 1700.F;
  const std::vector<float> small = reduced(ramp.view(), 16, 32);
  const Image twin = resize(ramp, 16, 32, ResizeFilter::area);
  // Rows 3, 10 and 17 of 21, whose mean, like the cell's, is 10; sums of 20 numbers, 63 in all.
  EXPECT_LT(test::max_abs_difference(small, twin.samples()), 4e-6F);
}

TEST(ReducedPicture, sees_luma_where_it_has_one_plane) {
  const Image rgb = test::formula_rgb(64, 64);
  const std::vector<float> luma = reduced(rgb.view(), 64, 64);
  for (std::size_t i = 0; i < luma.size(); ++i)
    EXPECT_NEAR(luma[i], 0.299F * rgb.plane(0)[i] + 0.587F * rgb.plane(1)[i] + 0.114F * rgb.plane(2)[i], 1e-6F);
  test::Yuv420 yuv(64, 64);
  const std::vector<float> of_yuv = reduced(yuv.view(), 64, 64);
  for (std::size_t i = 0; i < of_yuv.size(); ++i)
    EXPECT_EQ(of_yuv[i], std::clamp(yuv.planes[0].samples()[i], 0.F, 1.F));
}

TEST(ReducedPicture, shows_gray_and_luma_in_all_three_planes) {
  const Image gray = test::formula_gray(40, 24);
  const std::vector<float> planes = reduced(gray.view(), 20, 12, 3);
  const std::vector<float> plane = reduced(gray.view(), 20, 12, 1);
  for (std::size_t i = 0; i < planes.size(); ++i) EXPECT_EQ(planes[i], plane[i % plane.size()]);
}

TEST(ReducedPicture, repeats_the_pixels_of_a_picture_that_is_smaller) {
  Image two(ColorModel::gray, 2, 1);
  two.at(0, 0, 0) = 0.25F;
  two.at(0, 1, 0) = 0.75F;
  const std::vector<float> large = reduced(two.view(), 4, 3);
  for (std::size_t i = 0; i < large.size(); ++i) EXPECT_EQ(large[i], i % 4 < 2 ? 0.25F : 0.75F);
}

TEST(ReducedPicture, is_clipped_and_finite) {
  Image wild = test::flat_picture(ColorModel::gray, 8, 8, 3.F);
  for (int y = 0; y < 8; ++y) {
    wild.at(0, 0, y) = -5.F;
    wild.at(0, 1, y) = std::numeric_limits<float>::quiet_NaN();
    wild.at(0, 2, y) = std::numeric_limits<float>::infinity();
  }
  const std::vector<float> small = reduced(wild.view(), 8, 8);
  EXPECT_EQ(std::vector<float>(small.begin(), small.begin() + 4), (std::vector<float>{0.F, 0.F, 1.F, 1.F}));
}

TEST(ReducedPicture, keeps_the_shape_as_far_as_the_network_divides) {
  EXPECT_EQ(reduced_size(1920, 1080, 128, 16), (ReducedSize{224, 128}));  // 227.6
  EXPECT_EQ(reduced_size(1080, 1920, 128, 16), (ReducedSize{128, 224}));
  EXPECT_EQ(reduced_size(20, 20, 128, 16), (ReducedSize{128, 128}));
  EXPECT_EQ(reduced_size(16, 20000, 128, 16), (ReducedSize{128, 512}));
  EXPECT_EQ(reduced_size(300, 299, 100, 16), (ReducedSize{112, 112}));
}

}  // namespace
}  // namespace rdenoise

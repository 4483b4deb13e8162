// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/residual.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise::test {
namespace {

constexpr int width_px = 192;
constexpr int height_px = 160;
/// Of a correlation of n independent pairs: 1/√n, times 4.
const double tolerance = 4.0 / std::sqrt(width_px * height_px);

Image with_white_noise(const Image& clean, double sigma) {
  Image noisy = clean;
  add_noise(clean.samples(), noisy.samples(), NoiseModel{0.0, sigma * sigma, {}}, {.seed = 1});
  return noisy;
}

TEST(ResidualWhiteness, of_white_noise_is_its_sigma_without_correlation_or_structure) {
  for (const Image& clean : {formula_gray(width_px, height_px), formula_rgb(width_px, height_px),
                             formula_bayer(width_px, height_px, CfaPattern::grbg)}) {
    const Image noisy = with_white_noise(clean, 0.05);
    const ResidualWhiteness found = residual_whiteness(noisy.view(), clean.view());
    // A variance from n numbers is off by √(2/n), its root by half of that; times 4.
    EXPECT_NEAR(found.sigma, 0.05, 0.05 * 4.0 / std::sqrt(2.0 * width_px * height_px));
    EXPECT_NEAR(found.autocorrelation_x, 0.0, tolerance);
    EXPECT_NEAR(found.autocorrelation_y, 0.0, tolerance);
    EXPECT_NEAR(found.autocorrelation_xy, 0.0, tolerance);
    // Eight neighbours' correlations enter, each by at most a ninth of itself: below their sum.
    EXPECT_NEAR(found.structure_share, 0.0, 2.0 * tolerance);
  }
}

TEST(ResidualWhiteness, of_taken_picture_is_structure) {
  const Image picture = formula_gray(width_px, height_px);
  Image fainter = picture;
  for (float& sample : fainter.samples()) sample *= 0.9F;
  const ResidualWhiteness found = residual_whiteness(picture.view(), fainter.view());
  EXPECT_GT(found.structure_share, 0.5);
  EXPECT_GT(found.autocorrelation_x, 0.5);
}

TEST(ResidualWhiteness, grows_in_structure_with_the_picture_that_is_lost) {
  const Image clean = formula_gray(width_px, height_px);
  const Image noisy = with_white_noise(clean, 0.02);
  double before = -1.0;
  for (const float kept : {1.F, 0.97F, 0.9F}) {
    Image denoised = clean;
    for (float& sample : denoised.samples()) sample *= kept;
    const double share = residual_whiteness(noisy.view(), denoised.view()).structure_share;
    EXPECT_GT(share, before);
    before = share;
  }
}

TEST(ResidualWhiteness, of_nothing_is_nothing) {
  const Image picture = formula_gray(16, 16);
  EXPECT_EQ(residual_whiteness(picture.view(), picture.view()), ResidualWhiteness{});
  const Image tiny = formula_gray(2, 2);
  EXPECT_EQ(residual_whiteness(tiny.view(), tiny.view()), ResidualWhiteness{});
  EXPECT_THROW((void)residual_whiteness(picture.view(), tiny.view()), Error);
}

}  // namespace
}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/quality.hpp>

#include "noisy_pictures.hpp"
#include "support/data_folder.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

double psnr_of_clipped(const Image& clean, Image result) {
  for (float& sample : result.samples()) sample = std::clamp(sample, 0.F, 1.F);
  return psnr_db(clean, result);
}

TEST(Bm3d, a_constant_picture_stays_in_both_profiles) {
  for (const ColorModel model : {ColorModel::gray, ColorModel::rgb})
    for (const double sigma_8bit : {25.0, 50.0}) {
      const Image flat = test::flat_picture(model, 50, 41, 0.6F);
      // The Wiener filter takes σ²/(energy + σ²) from the mean: a group of 32 blocks of 64 pixels at 0.6 has an energy
      // of 737, to 0.04: 3e-5 of the signal.
      EXPECT_LT(test::max_abs_difference(flat.samples(), bm3d(flat, sigma_8bit).samples()), 1e-4F);
    }
}

TEST(Bm3d, gains_on_pictures_with_edges_and_texture) {
  for (const double sigma_8bit : {10.0, 25.0, 50.0}) {
    const Image gray = test::formula_gray(120, 96);
    const Image rgb = test::formula_rgb(96, 80);
    const Image noisy_gray = test::with_noise(gray, sigma_8bit);
    const Image noisy_rgb = test::with_noise(rgb, sigma_8bit);
    // Photographs gain 8 to 12 dB at σ 25; half of it must show here.
    EXPECT_GT(psnr_db(gray, bm3d(noisy_gray, sigma_8bit)), psnr_db(gray, noisy_gray) + 4.0) << sigma_8bit;
    EXPECT_GT(psnr_db(rgb, bm3d(noisy_rgb, sigma_8bit)), psnr_db(rgb, noisy_rgb) + 4.0) << sigma_8bit;
  }
}

TEST(Bm3d, the_result_does_not_depend_on_the_threads) {
  const Image noisy = test::with_noise(test::formula_rgb(75, 150), 30.0);
  const Image one = bm3d(noisy, 30.0, {.n_threads = 1});
  const Image many = bm3d(noisy, 30.0, {.n_threads = 0});
  EXPECT_TRUE(std::ranges::equal(one.samples(), many.samples()));
}

TEST(Bm3d, scales_with_the_signal) {
  const Image noisy = test::with_noise(test::formula_gray(64, 64), 20.0);
  Image half = noisy;
  for (float& sample : half.samples()) sample *= 0.5F;
  // Halving is exact in floats, and so are thresholds that halve with σ; matching distances do not scale, so all match.
  Bm3dProfile profile = bm3d_profile(20.0);
  profile.hard_threshold.max_distance_8bit2 = profile.wiener.max_distance_8bit2 = 1e9;
  Image expected = bm3d(noisy, 20.0, profile);
  for (float& sample : expected.samples()) sample *= 0.5F;
  EXPECT_LT(test::max_abs_difference(bm3d(half, 10.0, profile).samples(), expected.samples()), 1e-6F);
}

TEST(Bm3d, takes_pictures_of_any_size) {
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {1, 40}, {2, 3}, {7, 9}, {8, 8}, {11, 10}, {40, 12}})
    for (const double sigma_8bit : {25.0, 50.0})
      for (const Image& clean : {test::formula_gray(width_px, height_px), test::formula_rgb(width_px, height_px)}) {
        const Image result = bm3d(test::with_noise(clean, sigma_8bit), sigma_8bit);
        EXPECT_EQ(result.width_px(), width_px);
        EXPECT_EQ(result.height_px(), height_px);
        for (const float sample : result.samples()) EXPECT_TRUE(std::isfinite(sample) && std::abs(sample) < 2.F);
      }
}

TEST(Bm3d, sigma_0_returns_the_picture_itself) {
  const Image picture = test::formula_rgb(20, 20);
  EXPECT_TRUE(std::ranges::equal(bm3d(picture, 0.0).samples(), picture.samples()));
}

TEST(Bm3d, a_pixel_that_is_no_number_spoils_its_neighbourhood_only) {
  Image noisy = test::with_noise(test::formula_gray(100, 40), 25.0);
  noisy.at(0, 10, 10) = std::numeric_limits<float>::quiet_NaN();
  const Image result = bm3d(noisy, 25.0);
  // Two steps: blocks of 8, each with its vector of 8.
  for (int y = 0; y < 40; ++y)
    for (int x = 10 + 2 * 8; x < 100; ++x) EXPECT_TRUE(std::isfinite(result.at(0, x, y))) << x << " " << y;
}

TEST(Bm3d, refuses_what_makes_no_sense) {
  const auto code_of = [](const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  const Image gray = test::formula_gray(16, 16);
  EXPECT_EQ(code_of([&] { (void)bm3d(gray, -1.0); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { (void)bm3d(gray, std::nan("")); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { (void)bm3d(test::formula_bayer(16, 16, CfaPattern::rggb), 5.0); }), ErrorCode::unsupported);
  Bm3dProfile profile;
  profile.hard_threshold.max_blocks = 24;
  EXPECT_EQ(code_of([&] { (void)bm3d(gray, 5.0, profile); }), ErrorCode::invalid_argument);
  profile = {};
  profile.wiener.step_px = 9;
  EXPECT_EQ(code_of([&] { (void)bm3d(gray, 5.0, profile); }), ErrorCode::invalid_argument);
}

TEST(Bm3d, reaches_the_published_psnr_on_pictures_of_set12) {
  const auto folder = test::data_folder("test-gray/set12");
  if (!folder) GTEST_SKIP() << test::no_data_message("test-gray/set12");
  struct Published {
    const char* name;
    double sigma_8bit;
    double psnr_db;
  };
  // House and Peppers in the tables of Zhang et al. (DnCNN, IEEE TIP 2017). One draw of the noise scatters a picture of
  // 256×256 by about 0.04 dB on either side; the mean over the set is held to 0.1 dB, a picture to twice that.
  for (const Published& published : {Published{"02.png", 15.0, 34.93}, Published{"02.png", 25.0, 32.85},
                                     Published{"03.png", 25.0, 30.16}, Published{"02.png", 50.0, 29.69}}) {
    const Image clean = read_picture(*folder / published.name).image;
    const Image result = bm3d(test::with_noise(clean, published.sigma_8bit), published.sigma_8bit);
    EXPECT_NEAR(psnr_of_clipped(clean, result), published.psnr_db, 0.2) << published.name << published.sigma_8bit;
  }
}

}  // namespace
}  // namespace rdenoise

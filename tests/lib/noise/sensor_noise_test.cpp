// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <vector>

#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

Image with(const Image& clean, const SensorNoise& noise, NoiseSeed seed = {9, 2}, int n_threads = 0) {
  Image noisy = clean;
  add_sensor_noise(clean.view(), noisy.view(), noise, seed, n_threads);
  return noisy;
}

// Every effect at once.
SensorNoise everything() {
  return {.tukey_scale = 2e-3,
          .tukey_shape = -0.1,
          .row_sigma = 1e-3,
          .black_offset = {1e-3, -2e-3, 3e-3, 0.5e-3},
          .hot_pixel_density = 1e-3,
          .hot_pixel_strength = 0.1,
          .quantisation_step = 1.0 / 16383};
}

TEST(sensor_noise, is_off_by_default) {
  const Image clean = test::formula_bayer(31, 17, CfaPattern::grbg);
  EXPECT_TRUE(std::ranges::equal(with(clean, {}).samples(), clean.samples()));
}

TEST(sensor_noise, of_rows_is_shared_by_a_row_of_the_mosaic) {
  const Image clean = test::flat_picture(ColorModel::bayer, 41, 1 << 12, 0.25F);
  const Image noisy = with(clean, {.row_sigma = 0.01});
  std::vector<float> offsets;
  for (int y = 0; y < clean.height_px(); ++y) {
    for (int x = 0; x < clean.width_px(); ++x) ASSERT_EQ(noisy.at(0, x, y), noisy.at(0, 0, y));
    offsets.push_back(noisy.at(0, 0, y) - 0.25F);
  }
  const double rows = clean.height_px();
  EXPECT_NEAR(test::mean(offsets), 0.0, 5.0 * 0.01 / std::sqrt(rows));
  EXPECT_NEAR(test::variance(offsets) / 1e-4, 1.0, 5.0 * std::sqrt(2.0 / rows));
}

TEST(sensor_noise, of_rows_is_alike_in_all_channels_and_new_in_each_frame) {
  const Image clean = test::flat_picture(ColorModel::rgb, 3, 200, 0.25F);
  const SensorNoise rows{.row_sigma = 0.01};
  const Image noisy = with(clean, rows);
  EXPECT_TRUE(std::ranges::equal(noisy.plane(0), noisy.plane(2)));
  EXPECT_FALSE(std::ranges::equal(noisy.plane(0), with(clean, rows, {9, 3}).plane(0)));
}

TEST(sensor_noise, of_reading_has_the_scale_asked_for) {
  const Image clean = test::flat_picture(ColorModel::gray, 512, 512, 0.25F);
  const Image noisy = with(clean, {.tukey_scale = 0.01, .tukey_shape = 0.1});
  // Kurtosis of λ = 0.1 is 3.2.
  EXPECT_NEAR(test::variance(noisy.samples()) / (1e-4 * tukey_lambda_variance(0.1)), 1.0,
              5.0 * std::sqrt(2.2 / (512 * 512)));
}

TEST(sensor_noise, biases_each_site_by_its_own) {
  const Image clean = test::flat_picture(ColorModel::bayer, 6, 4, 0.25F);
  const Image noisy = with(clean, {.black_offset = {0.125, 0.25, -0.125, 0.5}});
  EXPECT_EQ(noisy.at(0, 4, 2), 0.375F);
  EXPECT_EQ(noisy.at(0, 5, 2), 0.5F);
  EXPECT_EQ(noisy.at(0, 4, 3), 0.125F);
  EXPECT_EQ(noisy.at(0, 5, 3), 0.75F);
}

TEST(sensor_noise, rounds_to_the_step) {
  const Image clean = test::formula_gray(40, 30);
  const Image noisy = with(clean, {.quantisation_step = 1.0 / 255});
  for (const float x : noisy.samples()) EXPECT_NEAR(x * 255, std::round(x * 255), 2e-5);
  EXPECT_LE(test::max_abs_difference(noisy.samples(), clean.samples()), 0.5F / 255 + 1e-7F);
}

TEST(sensor_noise, has_hot_pixels_of_the_density_and_strength_asked_for) {
  const Image clean = test::flat_picture(ColorModel::gray, 1000, 500, 0.F);
  const Image noisy = with(clean, {.hot_pixel_density = 0.01, .hot_pixel_strength = 0.2});
  std::vector<float> hot;
  for (const float x : noisy.samples())
    if (x != 0.F) hot.push_back(x);
  const double expected = 5e5 * 0.01;
  EXPECT_NEAR(static_cast<double>(hot.size()), expected, 5.0 * std::sqrt(expected));
  EXPECT_GT(std::ranges::min(hot), 0.F);
  // Exponential: the deviation is the mean.
  EXPECT_NEAR(test::mean(hot), 0.2, 5.0 * 0.2 / std::sqrt(expected));
}

TEST(sensor_noise, keeps_hot_pixels_in_place_from_frame_to_frame) {
  const Image clean = test::flat_picture(ColorModel::gray, 200, 100, 0.25F);
  const SensorNoise hot{.hot_pixel_density = 0.02, .hot_pixel_strength = 0.2};
  EXPECT_TRUE(std::ranges::equal(with(clean, hot, {9, 2}).samples(), with(clean, hot, {9, 3}).samples()));
  EXPECT_FALSE(std::ranges::equal(with(clean, hot, {9, 2}).samples(), with(clean, hot, {10, 2}).samples()));
}

TEST(sensor_noise, does_not_depend_on_threads) {
  const Image clean = test::formula_bayer(1033, 601, CfaPattern::rggb);
  EXPECT_TRUE(std::ranges::equal(with(clean, everything(), {9, 2}, 1).samples(),
                                 with(clean, everything(), {9, 2}, 2).samples()));
}

TEST(sensor_noise, draws_in_a_tile_what_the_whole_frame_has_there) {
  const Image clean = test::formula_gray(300, 40);
  const Image whole = with(clean, everything());
  for (int y = 5; y < 35; ++y) {
    const std::size_t first = static_cast<std::size_t>(y) * 300 + 77;
    std::vector<float> tile(150);
    add_sensor_noise(clean.plane(0).subspan(first, tile.size()), tile, everything(), {9, 2}, {0, y, first});
    EXPECT_TRUE(std::ranges::equal(tile, whole.plane(0).subspan(first, tile.size()))) << "row " << y;
  }
}

TEST(sensor_noise, refuses_what_no_sensor_does) {
  Image gray = test::flat_picture(ColorModel::gray, 8, 8, 0.5F);
  Image rgb = test::flat_picture(ColorModel::rgb, 8, 8, 0.5F);
  EXPECT_THROW(add_sensor_noise(gray.view(), rgb.view(), {}, {}), Error);
  FrameView yuv = rgb.view();
  yuv.color_model = ColorModel::yuv;
  EXPECT_THROW(add_sensor_noise(yuv, yuv, {}, {}), Error);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const SensorNoise wrong[] = {{.tukey_scale = -1.0},         {.tukey_scale = 1.0, .tukey_shape = -0.5},
                               {.tukey_shape = 5.1},          {.row_sigma = nan},
                               {.black_offset = {0, 0, nan}}, {.hot_pixel_density = 1.1},
                               {.hot_pixel_strength = -0.1},  {.quantisation_step = -1e-3}};
  for (const SensorNoise& noise : wrong) EXPECT_THROW(add_sensor_noise(gray.view(), gray.view(), noise, {}), Error);
  std::vector<float> row(4);
  EXPECT_THROW(add_sensor_noise(row, std::span(row).first(3), {}, {}, {}), Error);
  EXPECT_THROW(add_sensor_noise(row, row, {}, {}, {.channel = 4}), Error);
}

}  // namespace
}  // namespace rdenoise

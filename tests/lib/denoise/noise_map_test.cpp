// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

using test::denoised;
using test::different_noise;
using test::random_picture;

/// σ map as the denoiser gives it to the network, at the size of the picture.
Image map_of(const Image& src, InputDomain input, const NoiseProfile& noise, double strength = 1.0) {
  FrameDenoiser denoiser =
      test::fake_denoiser(test::ffdnet(input), test::show_noise_map, {.strength = strength, .tile_size_px = 6});
  return denoised(denoiser, src, noise);
}

// The map is computed in double and stored as float: relative error 6e-8.
constexpr double float_rounding = 1e-7;

TEST(NoiseMap, of_a_gray_network_is_the_root_of_the_mean_variance_of_a_cell) {
  const Image src = random_picture(ColorModel::gray, 22, 18);
  const NoiseProfile noise = different_noise(ColorModel::gray);
  const Image map = map_of(src, InputDomain::gray, noise);
  const auto variance = [&](int x, int y) { return noise.channels[0].variance(src.at(0, x, y)); };
  for (int y = 0; y < 18; ++y)
    for (int x = 0; x < 22; ++x) {
      const int cx = x / 2 * 2;
      const int cy = y / 2 * 2;
      const double mean =
          (variance(cx, cy) + variance(cx + 1, cy) + variance(cx, cy + 1) + variance(cx + 1, cy + 1)) / 4;
      ASSERT_NEAR(map.at(0, x, y), std::sqrt(mean), float_rounding) << x << "," << y;
    }
}

TEST(NoiseMap, of_an_rgb_network_is_the_mean_over_the_channels_too) {
  const Image src = random_picture(ColorModel::rgb, 14, 20);
  const NoiseProfile noise = different_noise(ColorModel::rgb);
  const Image map = map_of(src, InputDomain::rgb, noise);
  for (int y = 0; y < 20; y += 2)
    for (int x = 0; x < 14; x += 2) {
      double sum = 0;
      for (int c = 0; c < 3; ++c)
        for (int i = 0; i < 4; ++i) sum += noise.channels[c].variance(src.at(c, x + i % 2, y + i / 2));
      ASSERT_NEAR(map.at(0, x, y), std::sqrt(sum / 12), float_rounding) << x << "," << y;
    }
}

TEST(NoiseMap, of_a_bayer_network_is_each_pixels_own_sigma_by_its_colour) {
  const NoiseProfile noise = different_noise(ColorModel::bayer);
  for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
    const Image src = random_picture(ColorModel::bayer, 23, 17, cfa);
    const Image map = map_of(src, InputDomain::bayer, noise);
    for (int y = 0; y < 17; ++y)
      for (int x = 0; x < 23; ++x)
        ASSERT_NEAR(map.at(0, x, y), noise.channels[cfa_color_at(cfa, x, y)].sigma(src.at(0, x, y)), float_rounding)
            << to_string(cfa) << " " << x << "," << y;
  }
}

TEST(NoiseMap, of_white_noise_is_sigma_everywhere) {
  const Image src = random_picture(ColorModel::rgb, 31, 9);
  const Image map = map_of(src, InputDomain::rgb, uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25)));
  for (const float sigma : map.samples()) ASSERT_FLOAT_EQ(sigma, 25.0F / 255.0F);
}

TEST(NoiseMap, is_proportional_to_strength) {
  const Image src = random_picture(ColorModel::gray, 20, 20);
  const NoiseProfile noise = different_noise(ColorModel::gray);
  const Image once = map_of(src, InputDomain::gray, noise);
  const Image half = map_of(src, InputDomain::gray, noise, 0.5);
  for (std::size_t i = 0; i < once.samples().size(); ++i) ASSERT_EQ(half.samples()[i], 0.5F * once.samples()[i]) << i;
}

TEST(NoiseMap, strength_set_between_frames_counts_from_the_next_one) {
  const Image src = random_picture(ColorModel::gray, 8, 8);
  const NoiseProfile noise = uniform_profile(ColorModel::gray, NoiseModel::gaussian(51));
  FrameDenoiser denoiser = test::fake_denoiser(test::ffdnet(InputDomain::gray), test::show_noise_map, {});
  EXPECT_FLOAT_EQ(denoised(denoiser, src, noise).at(0, 3, 3), 0.2F);
  denoiser.set_strength(2.0);
  EXPECT_FLOAT_EQ(denoised(denoiser, src, noise).at(0, 3, 3), 0.4F);
}

TEST(NoiseMap, blind_networks_get_none_and_need_no_profile) {
  const Image src = random_picture(ColorModel::gray, 9, 8);
  int runs = 0;
  FrameDenoiser denoiser = test::fake_denoiser(test::dncnn(),
                                               [&](ConstTensorView image, ConstTensorView map, TensorView output) {
                                                 ++runs;
                                                 EXPECT_EQ(map.data, nullptr);
                                                 test::pass_through(image, map, output);
                                               },
                                               {.n_threads = 1});
  (void)denoised(denoiser, src, NoiseProfile{});
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace rdenoise

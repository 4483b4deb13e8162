// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/noise.hpp>

namespace rdenoise {
namespace {

TEST(noise_profile, sigma_8bit_of_white_noise_is_its_sigma) {
  for (const ColorModel model : {ColorModel::gray, ColorModel::yuv, ColorModel::rgb, ColorModel::bayer}) {
    const NoiseProfile profile = uniform_profile(model, NoiseModel::gaussian(25.0));
    EXPECT_EQ(profile.channel_count, model == ColorModel::gray ? 1 : 3);
    EXPECT_NEAR(sigma_8bit(profile), 25.0, 1e-9);
    EXPECT_EQ(profile.confidence, 1.0);
  }
}

TEST(noise_profile, sigma_8bit_is_taken_at_middle_gray) {
  const NoiseProfile profile = uniform_profile(ColorModel::gray, {0.01, 0.002});
  EXPECT_NEAR(sigma_8bit(profile), 255.0 * std::sqrt(0.01 * 0.5 + 0.002), 1e-9);
}

TEST(noise_profile, empty_profile_has_no_noise) { EXPECT_EQ(sigma_8bit(NoiseProfile{}), 0.0); }

TEST(noise_profile, bayer_sites_find_their_colour) {
  NoiseProfile profile = uniform_profile(ColorModel::bayer, {});
  profile.channels = {NoiseModel{1.0, 0.0}, NoiseModel{2.0, 0.0}, NoiseModel{3.0, 0.0}};
  const auto slopes = [&](CfaPattern cfa) {
    std::vector<double> a;
    for (int site = 0; site < 4; ++site) a.push_back(channel_noise(profile, ColorModel::bayer, cfa, site).a);
    return a;
  };
  EXPECT_EQ(slopes(CfaPattern::rggb), (std::vector<double>{1, 2, 2, 3}));
  EXPECT_EQ(slopes(CfaPattern::bggr), (std::vector<double>{3, 2, 2, 1}));
  EXPECT_EQ(slopes(CfaPattern::grbg), (std::vector<double>{2, 1, 3, 2}));
  EXPECT_EQ(slopes(CfaPattern::gbrg), (std::vector<double>{2, 3, 1, 2}));
}

TEST(noise_profile, other_colour_models_map_channel_to_channel) {
  NoiseProfile profile = uniform_profile(ColorModel::yuv, {});
  profile.channels[2] = {0.5, 0.0};
  EXPECT_EQ(channel_noise(profile, ColorModel::yuv, CfaPattern::rggb, 2).a, 0.5);
  EXPECT_EQ(channel_noise(profile, ColorModel::yuv, CfaPattern::rggb, 1).a, 0.0);
}

}  // namespace
}  // namespace rdenoise

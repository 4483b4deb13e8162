// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/noise.hpp>
#include <vector>

#include "noise/patch_energy.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

Image with_noise(const Image& clean, const NoiseModel& noise) {
  Image noisy = clean;
  add_noise(clean.view(), noisy.view(), uniform_profile(clean.color_model(), noise), {33, 0});
  return noisy;
}

// 8-bit gray memory, rounded and clipped as a camera does.
struct Gray8 {
  explicit Gray8(const Image& image)
      : width_px(image.width_px()), height_px(image.height_px()), samples(image.samples().size()) {
    const Levels levels{0.F, 255.F};
    const ChannelView channel{
        reinterpret_cast<std::byte*>(samples.data()), width_px, height_px, width_px, 1, {SampleType::u8, 8, 0}, levels};
    for (int y = 0; y < height_px; ++y) {
      write_row(channel, y, 0,
                image.plane(0).subspan(static_cast<std::size_t>(y) * width_px, static_cast<std::size_t>(width_px)));
    }
    view = {ColorModel::gray, width_px, height_px, CfaPattern::rggb, 1, {channel}};
  }
  int width_px;
  int height_px;
  std::vector<std::uint8_t> samples;
  ConstFrameView view;
};

TEST(patch_energy, white_noise_has_its_variance_in_low_and_high_coefficients) {
  const NoiseModel noise = NoiseModel::gaussian(20);
  const Image noisy = with_noise(test::flat_picture(ColorModel::gray, 512, 512, 0.5F), noise);
  // So few that their origins lie further apart than their size: they share no pixel.
  const ConstFrameView view = noisy.view();
  const std::vector<PatchEnergy> patches = sample_patches(std::span(view.channels.data(), 1), 4000);
  double low = 0.0;
  double high = 0.0;
  for (const PatchEnergy& patch : patches) {
    low += patch.low_energy / static_cast<double>(patches.size());
    high += patch.high_energy / static_cast<double>(patches.size());
    EXPECT_LE(patch.minimum, patch.mean);
    EXPECT_GE(patch.maximum, patch.mean);
  }
  const auto n = static_cast<double>(patches.size());
  EXPECT_NEAR(low / noise.b, 1.0, 5.0 * std::sqrt(2.0 / (low_coefficient_count * n)));
  EXPECT_NEAR(high / noise.b, 1.0, 5.0 * std::sqrt(2.0 / (high_coefficient_count * n)));
}

// The definition, in double: all 36 coefficients of the orthonormal DCT.
PatchEnergy energy_by_definition(const Image& picture, int x0, int y0) {
  constexpr int n = patch_size_px;
  const auto basis = [](int k, int i) {
    return std::sqrt((k == 0 ? 1.0 : 2.0) / n) * std::cos(std::numbers::pi * (2 * i + 1) * k / (2 * n));
  };
  double low = 0.0;
  double high = 0.0;
  double mean = 0.0;
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) {
      double coefficient = 0.0;
      for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x) coefficient += basis(v, y) * basis(u, x) * picture.at(0, x0 + x, y0 + y);
      if (u + v == 0) mean = coefficient / n;
      if (u + v >= least_high_frequency) high += coefficient * coefficient / high_coefficient_count;
      if (u + v > 0 && u + v < least_high_frequency) low += coefficient * coefficient / low_coefficient_count;
    }
  }
  return {static_cast<float>(mean), static_cast<float>(low), static_cast<float>(high)};
}

TEST(patch_energy, is_that_of_the_whole_cosine_transform) {
  const Image picture = with_noise(test::formula_gray(60, 6), NoiseModel::gaussian(5));
  const ConstFrameView view = picture.view();
  // Origins 2 px apart, the closest that there is.
  const std::vector<PatchEnergy> patches = sample_patches(std::span(view.channels.data(), 1), 1000);
  ASSERT_EQ(patches.size(), 28U);
  for (std::size_t i = 0; i < patches.size(); ++i) {
    const PatchEnergy expected = energy_by_definition(picture, static_cast<int>(2 * i), 0);
    // Sums of 36 numbers of 0 … 1 in float: each rounds by 6e-8 and an energy squares what is left.
    EXPECT_NEAR(patches[i].mean, expected.mean, 36 * 6e-8);
    EXPECT_NEAR(patches[i].high_energy, expected.high_energy, 1e-4 * expected.high_energy + 1e-12);
    EXPECT_NEAR(patches[i].low_energy, expected.low_energy, 1e-4 * expected.low_energy + 1e-12);
  }
}

TEST(patch_energy, number_of_patches_is_bounded) {
  const Image picture = test::formula_gray(640, 480);
  const ConstFrameView view = picture.view();
  const std::size_t count = sample_patches(std::span(view.channels.data(), 1), 1000).size();
  EXPECT_GT(count, 700U);
  // The last row and column of the grid may lie beyond the mean spacing.
  EXPECT_LT(count, 1100U);
}

class EstimateWhiteNoise : public testing::TestWithParam<double> {};

// The requirement on real pictures; edges and texture of the formula picture are no worse.
constexpr double greatest_error_8bit = 1.0;

TEST_P(EstimateWhiteNoise, on_formula_picture_is_within_one_step) {
  const Image noisy = with_noise(test::formula_gray(512, 384), NoiseModel::gaussian(GetParam()));
  for (const EstimateMethod method : {EstimateMethod::poisson_gaussian, EstimateMethod::gaussian}) {
    EXPECT_NEAR(sigma_8bit(estimate_noise(noisy.view(), {.method = method})), GetParam(), greatest_error_8bit);
  }
}

TEST_P(EstimateWhiteNoise, on_flat_picture_is_within_four_percent) {
  const Image noisy =
      with_noise(test::flat_picture(ColorModel::gray, 256, 256, 0.5F), NoiseModel::gaussian(GetParam()));
  const NoiseProfile profile = estimate_noise(noisy.view());
  // 1764 independent patches × 10 coefficients, two thirds accepted: standard error √(1/(2·10·1764·⅔)) = 0.7 %; the
  // lower weight of the upper tail takes about 1 %.
  EXPECT_NEAR(sigma_8bit(profile) / GetParam(), 1.0, 0.04);
  EXPECT_GT(profile.confidence, 0.8);
}

TEST_P(EstimateWhiteNoise, on_rounded_and_clipped_picture_is_within_one_step) {
  const Gray8 noisy(with_noise(test::formula_gray(512, 384), NoiseModel::gaussian(GetParam())));
  EXPECT_NEAR(sigma_8bit(estimate_noise(noisy.view)), GetParam(), greatest_error_8bit);
}

INSTANTIATE_TEST_SUITE_P(sigmas, EstimateWhiteNoise, testing::Values(5.0, 10.0, 25.0));

class EstimateBayerNoise : public testing::TestWithParam<NoiseModel> {};

TEST_P(EstimateBayerNoise, sigma_over_the_mid_tones_is_within_ten_percent) {
  for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::gbrg}) {
    const Image noisy = with_noise(test::formula_bayer(1024, 768, cfa), GetParam());
    const NoiseProfile profile = estimate_noise(noisy.view());
    ASSERT_EQ(profile.channel_count, 3);
    for (int c = 0; c < 3; ++c) {
      // The background spans 0.25 … 0.65; what is darker are discs smaller than a patch of one site.
      for (const double x : {0.25, 0.4, 0.6}) {
        EXPECT_NEAR(profile.channels[static_cast<std::size_t>(c)].sigma(x) / GetParam().sigma(x), 1.0, 0.1)
            << "colour " << c << " signal " << x;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(cameras, EstimateBayerNoise,
                         testing::Values(NoiseModel{2.5e-4, 2.5e-6}, NoiseModel{3e-3, 1e-5}, NoiseModel{1e-2, 2e-4}));

TEST(estimate_noise, clean_picture_gives_little_noise) {
  EXPECT_LT(sigma_8bit(estimate_noise(test::formula_gray(512, 384).view())), 1.0);
}

TEST(estimate_noise, picture_without_variation_gives_no_noise_and_no_confidence) {
  const NoiseProfile profile = estimate_noise(test::flat_picture(ColorModel::rgb, 64, 64, 0.5F).view());
  EXPECT_EQ(sigma_8bit(profile), 0.0);
  EXPECT_EQ(profile.confidence, 0.0);
}

TEST(estimate_noise, letterbox_bars_do_not_count) {
  Image noisy = with_noise(test::formula_gray(512, 384), NoiseModel::gaussian(10));
  for (int y = 0; y < 384; ++y) {
    for (int x = 0; x < 512; ++x) {
      if (y < 96 || y >= 288) noisy.at(0, x, y) = 0.F;
    }
  }
  EXPECT_NEAR(sigma_8bit(estimate_noise(Gray8(noisy).view)), 10.0, greatest_error_8bit);
}

TEST(estimate_noise, blown_highlights_do_not_count) {
  Image clean = test::formula_gray(512, 384);
  for (float& x : clean.samples()) x = x > 0.5F ? 1.1F : x;
  EXPECT_NEAR(sigma_8bit(estimate_noise(Gray8(with_noise(clean, NoiseModel::gaussian(10))).view)), 10.0,
              greatest_error_8bit);
}

TEST(estimate_noise, never_throws_for_tiny_or_broken_pictures) {
  for (const int size : {1, 2, 7, 8, 9, 17}) {
    for (const ColorModel model : {ColorModel::gray, ColorModel::rgb, ColorModel::bayer}) {
      const Image noisy = with_noise(test::flat_picture(model, size, size, 0.5F), NoiseModel::gaussian(10));
      const NoiseProfile profile = estimate_noise(noisy.view());
      EXPECT_TRUE(std::isfinite(sigma_8bit(profile)));
      // A picture smaller than a patch tells nothing.
      if (size < patch_size_px) {
        EXPECT_EQ(profile.confidence, 0.0);
      }
    }
  }
  Image broken = test::flat_picture(ColorModel::gray, 64, 64, 0.5F);
  std::ranges::fill(broken.samples(), std::nanf(""));
  EXPECT_EQ(estimate_noise(broken.view()).confidence, 0.0);
}

TEST(estimate_noise, confidence_falls_where_everything_is_texture) {
  Image texture = test::flat_picture(ColorModel::gray, 256, 256, 0.5F);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 256; ++x) texture.at(0, x, y) += 0.2F * std::sin(1.1F * x) * std::cos(0.9F * y);
  }
  const double textured = estimate_noise(with_noise(texture, NoiseModel::gaussian(3)).view()).confidence;
  EXPECT_LT(textured, 0.2);
}

}  // namespace
}  // namespace rdenoise

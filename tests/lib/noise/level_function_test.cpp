// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <rdenoise/noise.hpp>
#include <vector>

#include "noise/level_smoothing.hpp"
#include "noise/noise_spectrum.hpp"
#include "noise/patch_spectrum.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

NoiseProfile estimate(const Image& picture) {
  return estimate_noise(picture.view(), {.method = EstimateMethod::level_function});
}

// Every level at many flat places: 16 px tiles in shuffled order.
Image tiles_of_all_levels(int size_px, int step_count, float low, float high) {
  Image picture(ColorModel::gray, size_px, size_px);
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) {
      const int step = (x / 16 * 7 + y / 16 * 5) % step_count;
      picture.at(0, x, y) = low + (high - low) * static_cast<float>(step) / static_cast<float>(step_count - 1);
    }
  }
  return picture;
}

// A rise too gentle to show in any band that is measured.
Image ramp(int size_px, float low, float high) {
  Image picture(ColorModel::gray, size_px, size_px);
  for (int y = 0; y < size_px; ++y) {
    for (int x = 0; x < size_px; ++x) {
      picture.at(0, x, y) = low + (high - low) * static_cast<float>(x) / static_cast<float>(size_px - 1);
    }
  }
  return picture;
}

Image with_noise(const Image& clean, const NoiseModel& noise, std::uint64_t seed = 7) {
  Image noisy = clean;
  add_noise(clean.view(), noisy.view(), uniform_profile(clean.color_model(), noise), {seed, 0});
  return noisy;
}

// Averages of 2×2 neighbours of white noise, of the given variance.
Image with_box_filtered_noise(const Image& clean, double variance) {
  Image larger(ColorModel::gray, clean.width_px() + 1, clean.height_px() + 1);
  const Image white = with_noise(larger, {0.0, 4.0 * variance, {}});
  Image noisy = clean;
  for (int y = 0; y < clean.height_px(); ++y) {
    for (int x = 0; x < clean.width_px(); ++x) {
      noisy.at(0, x, y) +=
          0.25F * (white.at(0, x, y) + white.at(0, x + 1, y) + white.at(0, x, y + 1) + white.at(0, x + 1, y + 1));
    }
  }
  return noisy;
}

// Some 60 patches without overlap are measured at the poorest level; each tells variance by 71 coefficients to
// √(2/71) = 17 %: σ to 1.1 %. Five of these, and 1.5 % for the smoothing's bend.
constexpr double white_tolerance = 0.07;

TEST(level_function, of_white_noise_on_a_flat_picture_is_unbiased) {
  for (const double sigma : {2.0, 10.0, 40.0}) {
    const NoiseProfile profile =
        estimate(with_noise(test::flat_picture(ColorModel::gray, 512, 512, 0.5F), NoiseModel::gaussian(sigma)));
    ASSERT_TRUE(profile.channels[0].level_function.has_value());
    EXPECT_NEAR(sigma_8bit(profile) / sigma, 1.0, 0.03);
    EXPECT_GT(profile.confidence, 0.5);
  }
}

TEST(level_function, of_poisson_gaussian_noise_is_its_line) {
  const NoiseModel noise{2e-3, 1e-4, {}};
  const NoiseProfile profile = estimate(with_noise(tiles_of_all_levels(768, 20, 0.05F, 0.95F), noise));
  for (double level = 0.1; level < 0.95; level += 0.1) {
    EXPECT_NEAR(profile.channels[0].sigma(level) / noise.sigma(level), 1.0, white_tolerance) << level;
  }
  EXPECT_NEAR(profile.channels[0].a / noise.a, 1.0, 0.2);
}

TEST(level_function, of_noise_through_a_gamma_curve_falls_as_the_slope_of_the_curve) {
  const NoiseModel noise{5e-4, 1e-5, {}};
  const Image linear = tiles_of_all_levels(768, 20, 0.04F, 0.9F);
  Image encoded = with_noise(linear, noise);
  for (float& sample : encoded.samples()) sample = std::pow(std::max(0.F, sample), 1.F / 2.2F);
  const NoiseProfile profile = estimate(encoded);
  for (double level = 0.3; level < 0.95; level += 0.1) {
    const double signal = std::pow(level, 2.2);
    const double expected = noise.sigma(signal) * level / (2.2 * signal);
    EXPECT_NEAR(profile.channels[0].sigma(level) / expected, 1.0, white_tolerance) << level;
  }
}

TEST(level_function, of_correlated_noise_is_the_variance_of_a_pixel) {
  const double sigma = 8.0 / 255.0;
  const NoiseProfile profile = estimate(with_box_filtered_noise(ramp(512, 0.1F, 0.9F), sigma * sigma));
  for (double level = 0.1; level < 0.95; level += 0.1) {
    EXPECT_NEAR(profile.channels[0].sigma(level) / sigma, 1.0, 0.1) << level;
  }
}

TEST(level_function, of_a_picture_with_edges_is_that_of_its_flat_places) {
  const double sigma = 15.0;
  const NoiseProfile profile = estimate(with_noise(test::formula_rgb(512, 384), NoiseModel::gaussian(sigma)));
  // Between its flat places are levels that have none: texture may stay there.
  EXPECT_NEAR(sigma_8bit(profile), sigma, 0.1 * sigma);
}

TEST(level_function, of_a_mosaic_has_a_model_for_each_color) {
  const NoiseModel noise{1e-3, 1e-4, {}};
  Image mosaic = test::formula_bayer(512, 384, CfaPattern::grbg);
  const NoiseProfile profile = estimate(with_noise(mosaic, noise));
  ASSERT_EQ(profile.channel_count, 3);
  // Each site has half the resolution: its patches span 24 pixels of the scene, and few of them are flat.
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(profile.channels[c].sigma(0.5) / noise.sigma(0.5), 1.0, 0.2) << c;
}

TEST(level_function, of_pictures_that_tell_nothing_has_no_confidence) {
  for (const int size_px : {1, 5, 11, 12, 13}) {
    const NoiseProfile constant = estimate(test::flat_picture(ColorModel::rgb, size_px, size_px, 0.3F));
    EXPECT_EQ(constant.confidence, 0.0);
    for (int c = 0; c < 3; ++c) EXPECT_EQ(constant.channels[c].variance(0.3), 0.0);
  }
  const NoiseProfile small = estimate(with_noise(test::flat_picture(ColorModel::gray, 16, 13, 0.5F), {0.0, 1e-4, {}}));
  EXPECT_LT(small.confidence, 0.3);
}

TEST(level_function, of_samples_that_are_no_numbers_is_that_of_the_others) {
  const NoiseModel noise = NoiseModel::gaussian(10.0);
  Image picture = with_noise(test::flat_picture(ColorModel::gray, 256, 256, 0.5F), noise);
  for (int y = 0; y < 256; ++y) {
    for (int x = 0; x < 96; ++x) picture.at(0, x, y) = std::numeric_limits<float>::quiet_NaN();
  }
  EXPECT_NEAR(sigma_8bit(estimate(picture)), 10.0, 0.5);
  std::ranges::fill(picture.samples(), std::numeric_limits<float>::infinity());
  EXPECT_EQ(estimate(picture).confidence, 0.0);
}

TEST(level_function, shows_the_small_variance_of_clipped_levels) {
  Image picture = with_noise(tiles_of_all_levels(512, 8, 0.1F, 1.F), NoiseModel::gaussian(10.0));
  for (float& sample : picture.samples()) sample = std::clamp(sample, 0.F, 1.F);
  const NoiseModel model = estimate(picture).channels[0];
  EXPECT_LT(model.sigma(1.0), 0.8 * model.sigma(0.6));
}

// ---- its parts -----------------------------------------------------------------------------------------------------

TEST(patch_spectrum, is_that_of_a_plain_cosine_transform) {
  constexpr int n = spectrum_patch_px;
  const Image picture = test::formula_gray(n, n);
  PatchSpectrum expected;
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) {
      double sum = 0.0;
      for (int y = 0; y < n; ++y) {
        for (int x = 0; x < n; ++x) {
          sum += picture.at(0, x, y) * std::cos(std::numbers::pi * (2 * x + 1) * u / (2.0 * n)) *
                 std::cos(std::numbers::pi * (2 * y + 1) * v / (2.0 * n));
        }
      }
      sum *= std::sqrt((u == 0 ? 1.0 : 2.0) * (v == 0 ? 1.0 : 2.0)) / n;
      expected.energy[half_of_coefficient(u, v)][band_of_coefficient(u, v)] += static_cast<float>(sum * sum);
    }
  }
  const ConstFrameView view = picture.view();
  const SpectrumSample sample = sample_spectra(std::span(view.channels.data(), 1), 1);
  ASSERT_EQ(sample.channels[0].size(), 1U);
  for (int half = 0; half < half_count; ++half) {
    for (int band = 0; band < band_count; ++band) {
      // 24 sums of 12 products in float, of samples up to 1.
      EXPECT_NEAR(sample.channels[0][0].energy[half][band], expected.energy[half][band],
                  1e-5 * (1.F + expected.energy[half][band]));
    }
  }
}

TEST(patch_spectrum, bands_hold_every_coefficient_once) {
  int count = 0;
  for (const auto& half : coefficients_in_bands()) {
    for (const int band : half) count += band;
  }
  EXPECT_EQ(count, spectrum_patch_px * spectrum_patch_px);
}

TEST(noise_spectrum, of_a_white_upper_half_is_white) {
  NoiseSpectrum measured = white_spectrum();
  measured[2] = 3.0;
  EXPECT_EQ(completed_spectrum(measured), white_spectrum());
  EXPECT_EQ(completed_spectrum(NoiseSpectrum{}), white_spectrum());
}

TEST(noise_spectrum, rises_on_where_it_is_not_measured) {
  NoiseSpectrum measured{};
  for (int band = 0; band < band_count; ++band) measured[band] = std::pow(0.7, band);
  const NoiseSpectrum spectrum = completed_spectrum(measured);
  for (int band = 0; band + 1 < band_count; ++band) EXPECT_NEAR(spectrum[band] * 0.7, spectrum[band + 1], 1e-9);
}

TEST(level_smoothing, passes_through_a_smooth_function_and_ignores_texture) {
  std::vector<LevelMeasurement> measurements;
  for (double level = 0.1; level < 0.9; level += 0.05) {
    const bool is_texture = std::abs(level - 0.5) < 0.01;
    measurements.push_back({level, 1e-4 * std::exp(2.0 * level) * (is_texture ? 20.0 : 1.0), 100.0});
  }
  const NoiseLevelFunction function = smoothed_level_function(measurements);
  // Without the textured level the rest is as straight in ln(variance) as the penalty likes it.
  for (double level = 0.15; level < 0.85; level += 0.1) {
    EXPECT_NEAR(function(level) / (1e-4 * std::exp(2.0 * level)), 1.0, 0.05) << level;
  }
}

}  // namespace
}  // namespace rdenoise

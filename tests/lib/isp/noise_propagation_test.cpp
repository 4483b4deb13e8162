// SPDX-License-Identifier: LGPL-2.1-or-later
// Predicted noise of developed pictures against noise that went through develop().
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>

#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr std::array methods{DemosaicMethod::bilinear, DemosaicMethod::malvar};
constexpr std::array<float, 3> camera_gains{2.F, 1.F, 1.6F};
constexpr std::array<float, 9> camera_matrix{1.8F, -0.6F, -0.2F, -0.3F, 1.7F, -0.4F, 0.1F, -0.5F, 1.4F};
// Down to 100 photons at white, and white noise of sigma 10/255 before gains of 2.
const std::array noises{NoiseModel{0.0005, 1e-5, {}}, NoiseModel{0.003, 1e-4, {}}, NoiseModel{0.01, 4e-4, {}},
                        NoiseModel{0.0, 0.0015, {}}};
constexpr int patch_px = 256;

DevelopOptions camera_options(DemosaicMethod method, ToneCurve curve) {
  return {
      .gains = camera_gains, .camera_to_srgb = camera_matrix, .demosaic = method, .tone_curve = curve, .n_threads = 1};
}

/// A flat mosaic, with noise if a model is given, developed; clipped to 0 … 1 as integer samples are.
Image developed_patch(const std::array<float, 3>& raw, const NoiseModel& noise, const DevelopOptions& options,
                      bool clipped = true) {
  Image mosaic(ColorModel::bayer, patch_px, patch_px);
  for (int y = 0; y < patch_px; ++y) {
    for (int x = 0; x < patch_px; ++x) mosaic.at(0, x, y) = raw[cfa_color_at(CfaPattern::rggb, x, y)];
  }
  add_noise(mosaic.samples(), mosaic.samples(), noise, {3, static_cast<std::uint32_t>(1e4F * raw[1])});
  Image rgb(ColorModel::rgb, patch_px, patch_px);
  develop(mosaic.view(), rgb.view(), options);
  if (clipped) {
    for (float& sample : rgb.samples()) sample = std::clamp(sample, 0.F, 1.F);
  }
  return rgb;
}

double measured_sigma(const Image& rgb, int channel) { return std::sqrt(test::variance(rgb.plane(channel))); }

std::array<float, 3> raw_of_neutral(float linear) {
  return {linear / camera_gains[0], linear / camera_gains[1], linear / camera_gains[2]};
}

// A patch of 256² correlated pixels tells σ as about 256²/3 independent ones would: to 0.5 %, of which four are
// allowed. To that comes what the Gaussian leaves out, the skewness of at least 100 photons at white, seen by the tone
// curve: 2 %.
constexpr double tolerance = 0.04;

TEST(DevelopedNoise, of_neutral_patches_is_what_develop_makes_of_it) {
  for (const DemosaicMethod method : methods) {
    for (const ToneCurve curve : {ToneCurve::srgb, ToneCurve::bt709, ToneCurve::linear}) {
      const DevelopOptions options = camera_options(method, curve);
      for (const NoiseModel& noise : noises) {
        const NoiseProfile predicted = developed_noise(uniform_profile(ColorModel::bayer, noise), options);
        ASSERT_EQ(predicted.channel_count, 3);
        // Up to there neither the clip to white nor the fade of highlights is met: 0.71 of linear light.
        for (const double level : {0.0, 0.03125, 0.09375, 0.25, 0.5, 0.75, 0.875}) {
          const float linear = decode_tone(curve, static_cast<float>(level));
          if (linear > 0.75F) continue;
          const Image rgb = developed_patch(raw_of_neutral(linear), noise, options);
          for (int c = 0; c < 3; ++c) {
            const double expected = measured_sigma(rgb, c);
            EXPECT_NEAR(predicted.channels[c].sigma(level), expected, tolerance * expected)
                << to_string(method) << " " << to_string(curve) << " a " << noise.a << " level " << level;
          }
        }
      }
    }
  }
}

TEST(DevelopedNoise, near_white_is_right_to_a_seventh_and_at_white_not_above_that_of_gray) {
  // A clipped sample that is kept as its site's own colour is no Gaussian, and the fade of highlights is left out: both
  // make the figure an estimate in the last 6 % of the range.
  for (const DemosaicMethod method : methods) {
    const DevelopOptions options = camera_options(method, ToneCurve::srgb);
    for (const NoiseModel& noise : noises) {
      const NoiseProfile predicted = developed_noise(uniform_profile(ColorModel::bayer, noise), options);
      for (const double level : {0.9375, 0.96875}) {
        const Image rgb =
            developed_patch(raw_of_neutral(decode_tone(ToneCurve::srgb, static_cast<float>(level))), noise, options);
        for (int c = 0; c < 3; ++c) {
          const double expected = measured_sigma(rgb, c);
          EXPECT_NEAR(predicted.channels[c].sigma(level), expected, expected / 7)
              << to_string(method) << " a " << noise.a << " level " << level;
        }
      }
      for (int c = 0; c < 3; ++c) EXPECT_LT(predicted.channels[c].sigma(1.0), predicted.channels[c].sigma(0.875));
    }
  }
}

TEST(DevelopedNoise, of_unclipped_black_is_symmetric) {
  const DevelopOptions options = camera_options(DemosaicMethod::malvar, ToneCurve::srgb);
  const NoiseModel noise{0.001, 2e-4, {}};
  const NoiseProfile profile = uniform_profile(ColorModel::bayer, noise);
  const Image rgb = developed_patch({0.F, 0.F, 0.F}, noise, options, false);
  const NoiseProfile predicted = developed_noise(profile, options, DevelopedSamples::unclipped);
  for (int c = 0; c < 3; ++c) {
    const double expected = measured_sigma(rgb, c);
    EXPECT_NEAR(predicted.channels[c].sigma(0.0), expected, tolerance * expected);
    EXPECT_LT(developed_noise(profile, options).channels[c].sigma(0.0), 0.7 * expected);
  }
}

TEST(DevelopedNoise, map_tells_the_noise_of_colours) {
  struct Patch {
    std::array<float, 3> raw;  // gains and matrix keep the developed colour between 0.02 and 0.9 of linear light
  };
  constexpr Patch patches[] = {{{0.20F, 0.25F, 0.10F}}, {{0.05F, 0.20F, 0.15F}}, {{0.30F, 0.45F, 0.35F}}};
  for (const DemosaicMethod method : methods) {
    const DevelopOptions options = camera_options(method, ToneCurve::srgb);
    for (const NoiseModel& noise : noises) {
      for (const Patch& patch : patches) {
        const Image clean = developed_patch(patch.raw, {}, options);
        const Image noisy = developed_patch(patch.raw, noise, options);
        Image pixel(ColorModel::rgb, 1, 1);
        for (int c = 0; c < 3; ++c) pixel.at(c, 0, 0) = clean.at(c, 128, 128);
        const Image sigma = developed_noise_map(pixel, uniform_profile(ColorModel::bayer, noise), options);
        for (int c = 0; c < 3; ++c) {
          const double expected = measured_sigma(noisy, c);
          EXPECT_NEAR(sigma.at(c, 0, 0), expected, tolerance * expected)
              << to_string(method) << " a " << noise.a << " green " << patch.raw[1] << " channel " << c;
        }
      }
    }
  }
}

TEST(DevelopedNoise, map_of_a_neutral_picture_is_the_level_function) {
  const DevelopOptions options = camera_options(DemosaicMethod::malvar, ToneCurve::srgb);
  NoiseProfile noise = uniform_profile(ColorModel::bayer, {0.002, 1e-4, {}});
  noise.channels[2] = {0.004, 3e-4, {}};
  Image ramp(ColorModel::rgb, NoiseLevelFunction::level_count, 40);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < ramp.width_px(); ++x) ramp.at(c, x, y) = static_cast<float>(NoiseLevelFunction::level(x));
    }
  }
  const NoiseProfile predicted = developed_noise(noise, options);
  for (const int n_threads : {1, 0}) {
    DevelopOptions threaded = options;
    threaded.n_threads = n_threads;
    const Image sigma = developed_noise_map(ramp, noise, threaded);
    for (int c = 0; c < 3; ++c) {
      for (int x = 0; x < ramp.width_px(); ++x) {
        const double expected = predicted.channels[c].sigma(NoiseLevelFunction::level(x));
        ASSERT_NEAR(sigma.at(c, x, 39), expected, 0.01 * expected) << c << " " << x;  // the table's own 1 %
      }
    }
  }
}

TEST(DevelopedNoise, through_a_level_function_is_that_through_its_line) {
  const DevelopOptions options = camera_options(DemosaicMethod::bilinear, ToneCurve::srgb);
  const NoiseModel line{0.002, 1e-4, {}};
  NoiseModel sampled;
  sampled.level_function.emplace();
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    sampled.level_function->variance[i] = static_cast<float>(line.variance(NoiseLevelFunction::level(i)));
  }
  const NoiseProfile from_line = developed_noise(uniform_profile(ColorModel::bayer, line), options);
  const NoiseProfile from_function = developed_noise(uniform_profile(ColorModel::bayer, sampled), options);
  for (int c = 0; c < 3; ++c) {
    for (const double level : {0.0, 0.2, 0.7}) {
      EXPECT_NEAR(from_function.channels[c].sigma(level), from_line.channels[c].sigma(level), 1e-5);
    }
  }
}

TEST(DevelopedNoise, needs_three_channels_gains_and_a_matrix_with_inverse) {
  const NoiseProfile profile = uniform_profile(ColorModel::bayer, {0.001, 1e-4, {}});
  DevelopOptions options;
  EXPECT_THROW((void)developed_noise(uniform_profile(ColorModel::gray, {}), options), Error);
  options.gains = {1.F, 0.F, 1.F};
  EXPECT_THROW((void)developed_noise(profile, options), Error);
  options = {};
  options.camera_to_srgb = {1, 1, 1, 1, 1, 1, 0, 0, 1};
  EXPECT_THROW((void)developed_noise(profile, options), Error);
  EXPECT_THROW((void)developed_noise_map(Image(ColorModel::gray, 2, 2), profile, {}), Error);
}

TEST(ThroughCurve, is_what_the_curve_makes_of_the_noise) {
  // 2^18 samples: σ to 0.14 %, four of them. Skewness bends with the curve in proportion to a: at level 0.25 there are
  // 5 photons if a is 0.01, and the Gaussian's σ is 4.1 % too large; 17 if it is 0.003, and 2.2 %.
  constexpr std::size_t count = 1 << 18;
  for (const NoiseModel& noise : noises) {
    const NoiseProfile predicted =
        through_curve(uniform_profile(ColorModel::gray, noise), ToneCurve::linear, ToneCurve::srgb);
    for (const double level : {0.0, 0.0625, 0.25, 0.75}) {
      std::vector<float> samples(count, decode_tone(ToneCurve::srgb, static_cast<float>(level)));
      add_noise(samples, samples, noise, {5, 0});
      for (float& sample : samples) sample = encode_tone(ToneCurve::srgb, sample);
      const double expected = std::sqrt(test::variance(samples));
      EXPECT_NEAR(predicted.channels[0].sigma(level), expected, (0.006 + 7.0 * noise.a) * expected)
          << noise.a << " " << level;
    }
  }
}

TEST(ThroughCurve, there_and_back_is_the_same_for_weak_noise) {
  const NoiseProfile noise = uniform_profile(ColorModel::rgb, {0.0002, 1e-5, {}});
  const NoiseProfile back =
      through_curve(through_curve(noise, ToneCurve::bt709, ToneCurve::linear), ToneCurve::linear, ToneCurve::bt709);
  for (const double level : {0.25, 0.5, 0.75, 1.0}) {
    // Linear between 33 levels: σ² bends by up to 3 % between two of them in the darker half.
    EXPECT_NEAR(back.channels[1].sigma(level), noise.channels[1].sigma(level), 0.03 * noise.channels[1].sigma(level));
  }
  EXPECT_EQ(through_curve(noise, ToneCurve::srgb, ToneCurve::srgb), noise);
}

TEST(ModelOfLevelFunction, has_the_nearest_line_that_is_nowhere_negative) {
  const auto model_of = [](auto&& variance) {
    NoiseLevelFunction function;
    for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
      function.variance[i] = static_cast<float>(variance(NoiseLevelFunction::level(i)));
    }
    return model_of_level_function(function);
  };
  const NoiseModel line = model_of([](double x) { return 0.002 * x + 0.001; });
  EXPECT_NEAR(line.a, 0.002, 1e-8);
  EXPECT_NEAR(line.b, 0.001, 1e-8);
  const NoiseModel falling = model_of([](double x) { return 0.003 - 0.002 * x; });
  EXPECT_EQ(falling.a, 0.0);
  EXPECT_NEAR(falling.b, 0.002, 1e-8);
  const NoiseModel steep = model_of([](double x) { return 0.01 * x * x; });
  EXPECT_EQ(steep.b, 0.0);
  EXPECT_GT(steep.a, 0.005);
  EXPECT_TRUE(steep.level_function.has_value());
}

}  // namespace
}  // namespace rdenoise

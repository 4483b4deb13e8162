// SPDX-License-Identifier: LGPL-2.1-or-later
// Predicted noise of developed pictures against noise that went through develop().
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <string>
#include <vector>

#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr std::array<float, 3> camera_gains{2.F, 1.F, 1.6F};
constexpr std::array<float, 9> camera_matrix{1.8F, -0.6F, -0.2F, -0.3F, 1.7F, -0.4F, 0.1F, -0.5F, 1.4F};
// Down to 100 photons at white, and white noise of sigma 10/255 before gains of 2.
const std::array noises{NoiseModel{0.0005, 1e-5, {}}, NoiseModel{0.003, 1e-4, {}}, NoiseModel{0.01, 4e-4, {}},
                        NoiseModel{0.0, 0.0015, {}}};
constexpr int patch_px = 256;

struct Demosaicing {
  DemosaicMethod method;
  DemosaicDomain domain;
};

std::string name_of(const Demosaicing& demosaicing) {
  return std::string(to_string(demosaicing.method)) +
         (demosaicing.domain == DemosaicDomain::linear ? "_linear" : "_square_root");
}

std::vector<Demosaicing> all_demosaicings() {
  std::vector<Demosaicing> all;
  for (const DemosaicMethod method : demosaic_methods) {
    for (const DemosaicDomain domain : {DemosaicDomain::linear, DemosaicDomain::square_root}) {
      all.push_back({method, domain});
    }
  }
  return all;
}

DevelopOptions camera_options(const Demosaicing& demosaicing = {DemosaicMethod::malvar, DemosaicDomain::linear},
                              ToneCurve curve = ToneCurve::srgb) {
  return {.gains = camera_gains,
          .camera_to_srgb = camera_matrix,
          .demosaic = demosaicing.method,
          .demosaic_domain = demosaicing.domain,
          .tone_curve = curve,
          .n_threads = 1};
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

// The measured σ is that of 256² pixels, correlated over about three and, at black and white, of twice the kurtosis:
// right to √(3·2/(2·256²)) = 0.7 %. The predicted one is of 96² pixels whose sites have exactly their distribution,
// which halves the √(3·2/(2·96²)) = 1.8 % that free draws would have. Both together 1.2 %; 4.5 of that, for 1440
// comparisons.
constexpr double tolerance = 0.055;

class DevelopedNoiseOf : public testing::TestWithParam<Demosaicing> {};

INSTANTIATE_TEST_SUITE_P(AllMethodsAndDomains, DevelopedNoiseOf, testing::ValuesIn(all_demosaicings()),
                         [](const auto& info) { return name_of(info.param); });

TEST_P(DevelopedNoiseOf, neutral_patches_is_what_develop_makes_of_it) {
  for (const ToneCurve curve : {ToneCurve::srgb, ToneCurve::linear}) {
    const DevelopOptions options = camera_options(GetParam(), curve);
    for (const NoiseModel& noise : noises) {
      const NoiseProfile predicted = developed_noise(uniform_profile(ColorModel::bayer, noise), options);
      ASSERT_EQ(predicted.channel_count, 3);
      for (const double level : {0.0, 0.03125, 0.09375, 0.25, 0.5, 0.75, 0.875, 0.9375, 0.96875, 1.0}) {
        const float linear = decode_tone(curve, static_cast<float>(level));
        const Image rgb = developed_patch(raw_of_neutral(linear), noise, options);
        for (int c = 0; c < 3; ++c) {
          const double expected = measured_sigma(rgb, c);
          EXPECT_NEAR(predicted.channels[c].sigma(level), expected, tolerance * expected)
              << to_string(curve) << " a " << noise.a << " level " << level << " channel " << c;
        }
      }
    }
  }
}

TEST_P(DevelopedNoiseOf, weak_noise_in_linear_light_is_the_demosaicing_gain) {
  const DevelopOptions options{.demosaic = GetParam().method,
                               .demosaic_domain = GetParam().domain,
                               .tone_curve = ToneCurve::linear,
                               .n_threads = 1};
  NoiseProfile noise{3, {}, 1.0};
  noise.channels = {NoiseModel{0.0, 1e-5, {}}, NoiseModel{0.0, 0.5e-5, {}}, NoiseModel{0.0, 2e-5, {}}};
  const NoiseProfile predicted = developed_noise(noise, options);
  const DemosaicNoiseGain gain = demosaic_noise_gain(GetParam().method);
  for (int c = 0; c < 3; ++c) {
    double variance = 0.0;
    for (int site = 0; site < 3; ++site) {
      variance += noise.channels[site].b * gain.covariance_per_site_variance[site][4 * c];
    }
    EXPECT_NEAR(predicted.channels[c].sigma(0.5), std::sqrt(variance), 0.04 * std::sqrt(variance)) << c;
  }
}

TEST(DevelopedNoise, of_unclipped_black_is_symmetric) {
  const DevelopOptions options = camera_options();
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

TEST(DevelopedNoise, does_not_depend_on_threads) {
  DevelopOptions options = camera_options();
  const NoiseProfile noise = uniform_profile(ColorModel::bayer, {0.002, 1e-4, {}});
  const NoiseProfile alone = developed_noise(noise, options);
  options.n_threads = 0;
  EXPECT_EQ(developed_noise(noise, options), alone);
}

TEST(DevelopedNoise, of_a_mosaic_without_noise_is_none) {
  const NoiseProfile predicted = developed_noise(uniform_profile(ColorModel::bayer, {}), camera_options());
  // Rounding of 32-bit floats in the tone curve.
  for (int c = 0; c < 3; ++c) EXPECT_LT(predicted.channels[c].sigma(0.5), 1e-6);
}

TEST(DevelopedNoise, of_each_color_is_that_of_its_sites) {
  // Bilinear: a red sample is its own, the mean of two, twice, or of four: (1 + ½ + ½ + ¼)/4 of the variance of red.
  const DevelopOptions options{
      .demosaic = DemosaicMethod::bilinear, .demosaic_domain = DemosaicDomain::linear, .tone_curve = ToneCurve::linear};
  NoiseProfile noise{3, {}, 1.0};
  noise.channels[0].b = 1e-4;
  const NoiseProfile predicted = developed_noise(noise, options);
  EXPECT_NEAR(predicted.channels[0].sigma(0.5), 1e-2 * std::sqrt(0.5625), 0.04e-2);
  EXPECT_LT(predicted.channels[1].sigma(0.5), 1e-6);
  EXPECT_LT(predicted.channels[2].sigma(0.5), 1e-6);
}

TEST(DevelopedNoise, through_a_level_function_is_that_through_its_line) {
  const DevelopOptions options = camera_options({DemosaicMethod::bilinear, DemosaicDomain::linear});
  const NoiseModel line{0.002, 1e-4, {}};
  NoiseModel sampled = line;
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

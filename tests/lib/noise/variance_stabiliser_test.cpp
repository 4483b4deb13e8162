// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/variance_stabilisation.hpp>
#include <vector>

#include "noise/anscombe_mean.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

float stabilised(const VarianceStabiliser& stabiliser, double signal) {
  auto value = static_cast<float>(signal);
  stabiliser.stabilise({&value, 1});
  return value;
}

float restored(const VarianceStabiliser& stabiliser, double value) {
  auto signal = static_cast<float>(value);
  stabiliser.restore({&signal, 1});
  return signal;
}

// Read noise in photons, from none to much; a = 0.01 throughout.
constexpr double slope = 0.01;
NoiseModel with_read_noise(double read_photons) { return {slope, std::pow(read_photons * slope, 2)}; }

class StabiliserWithReadNoise : public testing::TestWithParam<double> {};

TEST_P(StabiliserWithReadNoise, is_the_generalised_anscombe_transform) {
  const double read = GetParam();
  const VarianceStabiliser stabiliser(with_read_noise(read));
  const double constant = 0.375 + read * read;
  for (const double photons : {-0.2, 0.0, 1.0, 17.0, 99.0}) {
    const double expected = 2.0 * std::sqrt(photons + constant) - 2.0 * std::sqrt(constant);
    EXPECT_NEAR(stabilised(stabiliser, photons * slope), expected, 2e-6 * (1.0 + std::abs(expected)));
  }
}

TEST_P(StabiliserWithReadNoise, gives_unit_variance_above_a_few_photons) {
  const NoiseModel noise = with_read_noise(GetParam());
  const VarianceStabiliser stabiliser(noise);
  constexpr std::size_t n = 1 << 18;
  std::vector<float> samples(n);
  for (const double photons : {6.0, 20.0, 90.0}) {
    add_noise(std::vector<float>(n, static_cast<float>(photons * slope)), samples, noise, {12, 0});
    stabiliser.stabilise(samples);
    // Anscombe's variance is 1 + 1/(16 λ²) + …; at 6 photons what is left of it is 3 %. Sampling: 5·√(2/n) = 1.4 %.
    EXPECT_NEAR(test::variance(samples), 1.0, 0.014 + 1.2 / (photons * photons)) << photons << " photons";
  }
}

TEST_P(StabiliserWithReadNoise, restores_the_mean_of_stabilised_samples_without_bias) {
  const NoiseModel noise = with_read_noise(GetParam());
  const VarianceStabiliser stabiliser(noise);
  constexpr std::size_t n = 1 << 18;
  std::vector<float> samples(n);
  for (const double photons : {0.0, 0.1, 0.5, 1.0, 3.0, 10.0, 60.0, 99.0}) {
    const double signal = photons * slope;
    add_noise(std::vector<float>(n, static_cast<float>(signal)), samples, noise, {13, 0});
    stabiliser.stabilise(samples);
    // Five standard errors of the signal's mean (through the transform's slope they are those of the stabilised mean,
    // but for a factor below 2 at few photons), the table's 2e-4 photons and the rounding of a float mean.
    const double bound = 10.0 * noise.sigma(signal) / std::sqrt(n) + 3e-4 * slope;
    EXPECT_NEAR(restored(stabiliser, test::mean(samples)), signal, bound) << photons << " photons";
  }
}

TEST_P(StabiliserWithReadNoise, restores_the_integrated_mean) {
  const double read = GetParam();
  const VarianceStabiliser stabiliser(with_read_noise(read));
  const AnscombeMean mean(read, 300.0);
  const double shift = 2.0 * std::sqrt(0.375 + read * read);
  for (double photons = 0.0; photons < 290.0; photons += photons < 4.0 ? 0.013 : 1.7) {
    // 257 knots over at most 20 units, δ″ < 1: linear interpolation is off by less than (20/256)²/8 = 8e-4 where it
    // bends most; above the table the series is true to 1e-4. With read noise beyond 10 photons there is no table, and
    // the term 1/(8·(σ² + ⅜)) is left out. Float: 2⁻²³ of the signal.
    const double left_out = read > 10.0 ? 1.0 / (8.0 * read * read) : 0.0;
    EXPECT_NEAR(restored(stabiliser, mean(photons).mean - shift) / slope, photons, 8e-4 + left_out + 1e-6 * photons);
  }
}

// Mäkitalo and Foi's closed form; they state that its error vanishes in the noise.
TEST_P(StabiliserWithReadNoise, comes_near_the_published_closed_form) {
  const double read = GetParam();
  const VarianceStabiliser stabiliser(with_read_noise(read));
  const double shift = 2.0 * std::sqrt(0.375 + read * read);
  const double first = AnscombeMean(read, 0.0)(0.0).mean;
  for (double d = first; d < 40.0; d += 0.1) {
    const double root = std::sqrt(1.5);
    const double published =
        d * d / 4 + root / (4 * d) - 11.0 / (8 * d * d) + 5 * root / (8 * d * d * d) - 0.125 - read * read;
    // Less than a twentieth of the deviation √λ ≥ 1 of any count that is seen.
    EXPECT_NEAR(restored(stabiliser, d - shift) / slope, published, 0.05) << "at " << d;
  }
}

TEST_P(StabiliserWithReadNoise, is_monotone_both_ways) {
  const VarianceStabiliser stabiliser(with_read_noise(GetParam()), StabilisedScale::unit_signal);
  float stabilised_before = -std::numeric_limits<float>::infinity();
  float restored_before = stabilised_before;
  for (int i = -300; i <= 3000; ++i) {
    const double x = i * 1e-3;
    EXPECT_GE(stabilised(stabiliser, x), stabilised_before) << x;
    EXPECT_GT(restored(stabiliser, x), restored_before) << x;
    stabilised_before = stabilised(stabiliser, x);
    restored_before = restored(stabiliser, x);
  }
}

TEST_P(StabiliserWithReadNoise, inverts_what_it_stabilised) {
  const VarianceStabiliser stabiliser(with_read_noise(GetParam()), StabilisedScale::unit_signal);
  for (const double x : {0.0, 1e-3, 0.04, 0.3, 1.0, 3.0}) {
    float value = stabilised(stabiliser, x);
    stabiliser.invert({&value, 1});
    EXPECT_NEAR(value, x, 1e-6 * (1.0 + x));
  }
}

TEST_P(StabiliserWithReadNoise, maps_black_and_white_for_networks) {
  const NoiseModel noise = with_read_noise(GetParam());
  const VarianceStabiliser stabiliser(noise, StabilisedScale::unit_signal);
  EXPECT_EQ(stabilised(stabiliser, 0.0), 0.F);
  EXPECT_NEAR(stabilised(stabiliser, 1.0), 1.F, 1e-6);
  EXPECT_NEAR(stabiliser.sigma() * stabilised(VarianceStabiliser(noise), 1.0), 1.0, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(photons, StabiliserWithReadNoise,
                         testing::Values(0.0, 1e-6, 0.3, 1.0, 3.0, 10.4, 10.6, 100.0));

TEST(variance_stabiliser, of_white_noise_only_scales) {
  const VarianceStabiliser unit(NoiseModel::gaussian(25));
  const VarianceStabiliser signal(NoiseModel::gaussian(25), StabilisedScale::unit_signal);
  EXPECT_NEAR(signal.sigma(), 25.0 / 255, 1e-8);
  for (const double x : {-3.0, -0.1, 0.0, 0.5, 2.0}) {
    EXPECT_NEAR(stabilised(unit, x), x * 255 / 25, 1e-5);
    EXPECT_NEAR(stabilised(signal, x), x, 1e-6);
    EXPECT_NEAR(restored(signal, x), x, 1e-6);
  }
}

TEST(variance_stabiliser, keeps_noise_around_black_centred) {
  // Half of a denoiser's remaining noise around black lies below it; clipped, the mean would be lifted by 0.4 σ.
  const VarianceStabiliser stabiliser({0.01, 1e-4});
  const float black = -0.5F * 0.01F / (std::sqrt(1.375e-4F) + std::sqrt(1.375e-4F - 0.25e-4F));
  const double below = restored(stabiliser, black - 0.3) - restored(stabiliser, black);
  const double above = restored(stabiliser, black + 0.3) - restored(stabiliser, black);
  EXPECT_LT(below, 0.0);
  // The curve's bend adds a·s²/4 = 2e-4 of 3.5e-3 on either side.
  EXPECT_NEAR(-below / above, 1.0, 0.12);
}

TEST(variance_stabiliser, of_no_noise_changes_nothing) {
  for (const NoiseModel& noise : {NoiseModel{}, NoiseModel{-1.0, -1.0}, NoiseModel{0.0, 0.0, NoiseLevelFunction{}}}) {
    const VarianceStabiliser stabiliser(noise, StabilisedScale::unit_signal);
    EXPECT_EQ(stabiliser.sigma(), 0.0);
    EXPECT_EQ(stabilised(stabiliser, 0.3), 0.3F);
    EXPECT_EQ(restored(stabiliser, 0.3), 0.3F);
  }
}

TEST(variance_stabiliser, of_extreme_models_stays_finite) {
  for (const double a : {0.0, 1e-300, 1e-40, 1e-23, 1e-12, 1e-6, 1.0, 1e6})
    for (const double b : {0.0, 1e-300, 1e-40, 1e-23, 1e-12, 1e-6, 1.0, 1e6}) {
      const VarianceStabiliser stabiliser({a, b}, StabilisedScale::unit_signal);
      EXPECT_TRUE(std::isfinite(stabiliser.sigma()));
      for (const double x : {-1.0, 0.0, 1e-8, 0.5, 1.0, 16.0}) {
        EXPECT_TRUE(std::isfinite(stabilised(stabiliser, x))) << a << " " << b << " " << x;
        EXPECT_TRUE(std::isfinite(restored(stabiliser, x))) << a << " " << b << " " << x;
      }
    }
}

TEST(variance_stabiliser, refuses_what_is_no_model) {
  EXPECT_THROW(VarianceStabiliser({std::nan(""), 0.0}), Error);
  EXPECT_THROW(VarianceStabiliser({0.0, std::numeric_limits<double>::infinity()}), Error);
  EXPECT_THROW(VarianceStabiliser({1e7, 0.0}), Error);
}

// ---- level functions ----------------------------------------------------------------------------------------------

NoiseModel level_model(double (*variance)(double)) {
  NoiseModel noise{0.0, 0.0, NoiseLevelFunction{}};
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i)
    noise.level_function->variance[static_cast<std::size_t>(i)] =
        static_cast<float>(variance(NoiseLevelFunction::level(i)));
  return noise;
}

TEST(variance_stabiliser, of_a_level_function_gives_unit_variance_and_no_bias) {
  // σ of 2 to 6 %, greatest in the middle, as after a tone curve.
  const NoiseModel noise = level_model([](double x) { return 4e-4 + 1.3e-2 * x * (1.0 - x); });
  const VarianceStabiliser stabiliser(noise);
  constexpr std::size_t n = 1 << 18;
  std::vector<float> samples(n);
  for (const float signal : {0.2F, 0.4F, 0.7F}) {
    add_noise(std::vector<float>(n, signal), samples, noise, {14, 0});
    stabiliser.stabilise(samples);
    // To second order the variance is 1 + O(v″), v″ = 2.6e-2, and v′²/v, up to 4 %.
    EXPECT_NEAR(test::variance(samples), 1.0, 0.05) << signal;
    // v′/4 is up to 2e-3; uncorrected it would show.
    EXPECT_NEAR(restored(stabiliser, test::mean(samples)), signal, 5.0 * noise.sigma(signal) / std::sqrt(n) + 1e-4);
  }
}

TEST(variance_stabiliser, of_a_straight_level_function_is_that_of_the_line) {
  const VarianceStabiliser levels(level_model([](double x) { return 1e-4 * x + 1e-2; }), StabilisedScale::unit_signal);
  const VarianceStabiliser line({1e-4, 1e-2}, StabilisedScale::unit_signal);
  EXPECT_NEAR(levels.sigma(), line.sigma(), 1e-6);
  for (const double x : {0.0, 0.1, 0.515, 1.0}) {
    EXPECT_NEAR(stabilised(levels, x), stabilised(line, x), 1e-6);
    EXPECT_NEAR(restored(levels, x), restored(line, x), 2e-6);
  }
}

TEST(variance_stabiliser, of_a_level_function_inverts_what_it_stabilised) {
  const VarianceStabiliser stabiliser(level_model([](double x) { return x < 0.3 ? 0.0 : 1e-3 * x; }));
  for (const double x : {-0.5, 0.0, 0.2, 0.31, 0.77, 1.0, 1.8}) {
    float value = stabilised(stabiliser, x);
    stabiliser.invert({&value, 1});
    EXPECT_NEAR(value, x, 2e-6);
  }
}

}  // namespace
}  // namespace rdenoise

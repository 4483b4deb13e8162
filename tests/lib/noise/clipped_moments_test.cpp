// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <vector>

#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Plain twin: the definition, by the midpoint rule over ±9 σ.
Moments integrated(double mean, double sigma, double low, double high) {
  constexpr int steps = 400000;
  constexpr double step = 18.0 / steps;
  double first = 0.0;
  double second = 0.0;
  const double center = std::clamp(mean, low, high);
  for (int i = 0; i < steps; ++i) {
    const double z = -9.0 + (i + 0.5) * step;
    const double weight = std::exp(-0.5 * z * z) / std::sqrt(2.0 * std::numbers::pi) * step;
    const double d = std::clamp(mean + sigma * z, low, high) - center;
    first += weight * d;
    second += weight * d * d;
  }
  return {center + first, std::sqrt(std::max(second - first * first, 0.0))};
}

TEST(clipped_moments, equal_the_integral) {
  for (const double mean : {-0.5, -0.1, 0.0, 0.02, 0.5, 0.97, 1.0, 1.3}) {
    for (const double sigma : {0.01, 0.1, 0.3, 2.0}) {
      const Moments found = clipped_moments(mean, sigma, 0.0, 1.0);
      const Moments expected = integrated(mean, sigma, 0.0, 1.0);
      // The midpoint rule's error at the kinks is of the order of σ·step² = 2e-9·σ; where the variable hardly ever
      // leaves the bound, its own tail beyond 9 σ is what counts, and that is below 1e-18.
      EXPECT_NEAR(found.mean, expected.mean, 1e-8) << mean << " ± " << sigma;
      EXPECT_NEAR(found.standard_deviation, expected.standard_deviation, 1e-7) << mean << " ± " << sigma;
    }
  }
}

TEST(clipped_moments, equal_those_of_clipped_samples) {
  constexpr std::size_t n = 1 << 18;
  std::vector<float> samples(n);
  for (const float mean : {-0.05F, 0.03F, 0.5F, 0.9F}) {
    const double sigma = 0.1;
    add_noise(std::vector<float>(n, mean), samples, {0.0, sigma * sigma}, {6, 0});
    limit_samples(samples, {true, true, 0});
    const Moments expected = clipped_moments(mean, sigma, 0.0, 1.0);
    EXPECT_NEAR(test::mean(samples), expected.mean, 5.0 * expected.standard_deviation / std::sqrt(n));
    // Kurtosis of a clipped normal with its mean half a σ beyond the bound stays below 10.
    EXPECT_NEAR(std::sqrt(test::variance(samples)), expected.standard_deviation,
                5.0 * expected.standard_deviation * std::sqrt(10.0 / 4 / n));
  }
}

TEST(clipped_moments, without_bounds_are_those_of_the_variable) {
  const Moments found = clipped_moments(0.3, 0.2, -infinity, infinity);
  EXPECT_DOUBLE_EQ(found.mean, 0.3);
  EXPECT_DOUBLE_EQ(found.standard_deviation, 0.2);
}

TEST(clipped_moments, at_the_bound_are_those_of_half_a_normal) {
  // max(Z, 0): mean 1/√(2π), variance 1/2 − 1/(2π).
  const Moments found = clipped_moments(0.0, 2.0, 0.0, infinity);
  EXPECT_NEAR(found.mean, 2.0 / std::sqrt(2.0 * std::numbers::pi), 1e-15);
  EXPECT_NEAR(found.standard_deviation, 2.0 * std::sqrt(0.5 - 0.5 / std::numbers::pi), 1e-15);
}

TEST(clipped_moments, of_great_sigma_are_those_of_a_coin) {
  const Moments found = clipped_moments(0.5, 1e6, 0.0, 1.0);
  EXPECT_NEAR(found.mean, 0.5, 1e-6);
  EXPECT_NEAR(found.standard_deviation, 0.5, 1e-6);
}

TEST(clipped_moments, are_mirrored_with_the_variable) {
  for (const double mean : {-0.4, 0.1, 0.5, 1.2}) {
    const Moments one = clipped_moments(mean, 0.2, 0.0, 1.0);
    const Moments other = clipped_moments(1.0 - mean, 0.2, 0.0, 1.0);
    EXPECT_NEAR(one.mean, 1.0 - other.mean, 1e-15);
    EXPECT_NEAR(one.standard_deviation, other.standard_deviation, 1e-15);
  }
}

TEST(clipped_moments, far_beyond_a_bound_keep_their_tiny_deviation) {
  // Q ~ φ(α)/α·(1 − 1/α²…): E(Z − α)₊² → 2φ(α)/α³·(1 − 6/α²…).
  const double alpha = 8.0;
  const double expected =
      std::sqrt(2.0 * std::exp(-0.5 * alpha * alpha) / std::sqrt(2.0 * std::numbers::pi) / std::pow(alpha, 3));
  const double found = clipped_moments(-alpha, 1.0, 0.0, infinity).standard_deviation;
  EXPECT_NEAR(found / expected, std::sqrt(1.0 - 6.0 / (alpha * alpha) + 45.0 / std::pow(alpha, 4)), 0.002);
}

TEST(clipped_moments, of_extreme_arguments_are_finite) {
  EXPECT_EQ(clipped_moments(0.5, 0.0, 0.0, 1.0).mean, 0.5);
  EXPECT_EQ(clipped_moments(2.0, 0.0, 0.0, 1.0).mean, 1.0);
  for (const double sigma : {1e-300, 1e-20, 1e300}) {
    for (const double mean : {-1e10, -1e-10, 0.0, 0.5, 1.0, 1e10}) {
      const Moments found = clipped_moments(mean, sigma, 0.0, 1.0);
      EXPECT_GE(found.mean, 0.0);
      EXPECT_LE(found.mean, 1.0);
      EXPECT_GE(found.standard_deviation, 0.0) << mean << " ± " << sigma;
      EXPECT_LE(found.standard_deviation, 0.5 + 1e-12) << mean << " ± " << sigma;
    }
  }
}

TEST(clipped_moments, refuse_what_makes_no_sense) {
  EXPECT_THROW((void)clipped_moments(0.0, -1.0, 0.0, 1.0), Error);
  EXPECT_THROW((void)clipped_moments(0.0, 1.0, 1.0, 0.0), Error);
  EXPECT_THROW((void)clipped_moments(std::nan(""), 1.0, 0.0, 1.0), Error);
  EXPECT_THROW((void)clipped_moments(0.0, 1.0, std::nan(""), 1.0), Error);
}

}  // namespace
}  // namespace rdenoise

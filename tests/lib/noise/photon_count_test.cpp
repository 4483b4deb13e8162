// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/photon_count.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "noise/gaussian_field.hpp"

namespace rdenoise {
namespace {

constexpr int draw_count = 200000;

double poisson_probability(double mean, int k) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0)); }

class PhotonCountOfMean : public testing::TestWithParam<double> {};

TEST_P(PhotonCountOfMean, is_poisson_distributed) {
  const double mean = GetParam();
  const int top = static_cast<int>(mean + 10.0 * std::sqrt(mean) + 10.0);
  std::vector<int> histogram(static_cast<std::size_t>(top) + 1);
  for (int i = 0; i < draw_count; ++i) {
    const double k = photon_count(mean, {11, 0}, static_cast<std::uint64_t>(i));
    ASSERT_EQ(k, std::floor(k));
    ASSERT_LE(k, top);
    ++histogram[static_cast<std::size_t>(k)];
  }
  double chi_square = 0.0;
  int cells = 0;
  for (int k = 0; k <= top; ++k) {
    const double expected = draw_count * poisson_probability(mean, k);
    if (expected < 10.0) continue;
    const double difference = histogram[static_cast<std::size_t>(k)] - expected;
    chi_square += difference * difference / expected;
    ++cells;
  }
  // χ² of c cells has mean c and variance 2c; five standard deviations.
  EXPECT_LT(chi_square, cells + 5.0 * std::sqrt(2.0 * cells));
}

// Both sides of the change from inversion (below 10) to transformed rejection.
INSTANTIATE_TEST_SUITE_P(means, PhotonCountOfMean, testing::Values(0.05, 0.7, 4.0, 9.99, 10.01, 37.5, 255.9));

TEST(photon_counts, equal_their_plain_twin) {
  PhotonGroup mean;
  PhotonGroup counts;
  for (std::uint64_t group : {0U, 7U, 0x2000000U}) {  // the last index is beyond 32 bits
    for (int i = 0; i < gaussian_group_size; ++i) {
      // 0 … 255, both methods and no light in one group, most of them low.
      mean[static_cast<std::size_t>(i)] = i % 9 == 0 ? 0.0 : std::pow(i / 127.0, 3) * 255.0;
    }
    photon_counts(mean, {77, 3}, group, counts);
    for (std::uint64_t i = 0; i < gaussian_group_size; ++i) {
      EXPECT_EQ(counts[i], photon_count(mean[i], {77, 3}, group * gaussian_group_size + i)) << "mean " << mean[i];
    }
  }
}

TEST(photon_count, is_zero_without_light) {
  EXPECT_EQ(photon_count(0.0, {1, 1}, 0), 0.0);
  EXPECT_EQ(photon_count(-1.0, {1, 1}, 0), 0.0);
  EXPECT_EQ(photon_count(std::nan(""), {1, 1}, 0), 0.0);
}

TEST(shot_noise_by_cornish_fisher, has_mean_variance_and_skewness_of_poisson) {
  constexpr double mean = 256.0;
  GaussianGroup normal;
  double sum = 0.0;
  double square = 0.0;
  double cube = 0.0;
  constexpr int groups = 4096;
  for (int g = 0; g < groups; ++g) {
    gaussian_group({3, 0}, philox::Purpose::shot_noise, static_cast<std::uint64_t>(g), normal);
    for (const float z : normal) {
      const double d = shot_noise_by_cornish_fisher(16.F, z);
      sum += d;
      square += d * d;
      cube += d * d * d;
    }
  }
  const double n = static_cast<double>(groups) * gaussian_group_size;
  EXPECT_NEAR(sum / n, 0.0, 5.0 * std::sqrt(mean / n));
  EXPECT_NEAR(square / n / mean, 1.0, 5.0 * std::sqrt(2.0 / n));
  // Third moment of Poisson: the mean. Variance of z³: 15.
  EXPECT_NEAR(cube / n / mean, 1.0, 5.0 * std::sqrt(15.0 * mean / n));
}

}  // namespace
}  // namespace rdenoise

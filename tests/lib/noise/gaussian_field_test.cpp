// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/gaussian_field.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rdenoise {
namespace {

constexpr std::size_t sample_count = 1 << 18;

std::vector<float> field(const NoiseSeed& seed, philox::Purpose purpose = philox::Purpose::read_noise) {
  std::vector<float> numbers;
  GaussianGroup group;
  for (std::uint64_t g = 0; g < sample_count / gaussian_group_size; ++g) {
    gaussian_group(seed, purpose, g, group);
    numbers.insert(numbers.end(), group.begin(), group.end());
  }
  return numbers;
}

double correlation(const std::vector<float>& one, const std::vector<float>& other, std::size_t shift = 0) {
  double sum = 0.0;
  for (std::size_t i = shift; i < one.size(); ++i) sum += static_cast<double>(one[i]) * other[i - shift];
  return sum / static_cast<double>(one.size() - shift);
}

TEST(gaussian_field, vector_path_equals_plain_twin) {
  const NoiseSeed seed{0x123456789ABCDEF, 42};
  const std::vector<float> numbers = field(seed);
  double worst = 0.0;
  for (std::size_t i = 0; i < 50000; ++i) {
    worst = std::max(worst, std::abs(numbers[i] - gaussian_at(seed, philox::Purpose::read_noise, i)));
  }
  // Where ln u is near 0 the rounding of u to 24 bits moves √(−2 ln u) by up to √(2·2⁻²⁵) = 2.4e-4 at u → 1; it shrinks
  // as 2⁻²⁵/r, so for the r > 3e-3 of nearly all draws it is below 1e-5.
  EXPECT_LT(worst, 2.5e-4);
}

TEST(gaussian_field, has_the_moments_of_the_standard_normal) {
  const std::vector<float> numbers = field({5, 0});
  double moment[5] = {};
  for (const float z : numbers) {
    double power = z;
    for (int k = 1; k <= 4; ++k, power *= z) moment[k] += power / sample_count;
  }
  // Variance of zᵏ: 1, 2, 15, 96 for k = 1 … 4. Five standard errors.
  const auto error = [](double variance) { return 5.0 * std::sqrt(variance / sample_count); };
  EXPECT_NEAR(moment[1], 0.0, error(1.0));
  EXPECT_NEAR(moment[2], 1.0, error(2.0));
  EXPECT_NEAR(moment[3], 0.0, error(15.0));
  EXPECT_NEAR(moment[4], 3.0, error(96.0));
}

TEST(gaussian_field, tail_beyond_three_sigma_has_its_share) {
  const std::vector<float> numbers = field({6, 0});
  const auto beyond = std::ranges::count_if(numbers, [](float z) { return std::abs(z) > 3.F; });
  const double expected = std::erfc(3.0 / std::sqrt(2.0)) * sample_count;
  EXPECT_NEAR(static_cast<double>(beyond), expected, 5.0 * std::sqrt(expected));
}

TEST(gaussian_field, neighbouring_streams_seeds_and_pixels_are_uncorrelated) {
  const std::vector<float> numbers = field({9, 3});
  // The product of two independent standard normals has variance 1.
  const double bound = 5.0 / std::sqrt(static_cast<double>(sample_count));
  EXPECT_LT(std::abs(correlation(numbers, field({9, 4}))), bound);
  EXPECT_LT(std::abs(correlation(numbers, field({10, 3}))), bound);
  EXPECT_LT(std::abs(correlation(numbers, field({9, 3}, philox::Purpose::shot_noise))), bound);
  // 32 and 64: the numbers that share a Philox block.
  for (const std::size_t shift : {1, 2, 32, 64, 128}) {
    EXPECT_LT(std::abs(correlation(numbers, numbers, shift)), bound) << "shift " << shift;
  }
}

}  // namespace
}  // namespace rdenoise

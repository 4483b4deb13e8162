// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/tukey_field.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numbers>
#include <rdenoise/sensor_noise.hpp>
#include <vector>

#include "noise/elementary_functions.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

constexpr std::size_t n = 1 << 18;

std::vector<float> field(float shape) {
  std::vector<float> numbers;
  GaussianGroup group;
  for (std::uint64_t g = 0; g < n / gaussian_group_size; ++g) {
    tukey_group({31, 4}, philox::Purpose::tukey_read_noise, g, shape, group);
    numbers.insert(numbers.end(), group.begin(), group.end());
  }
  return numbers;
}

class TukeyFieldOfShape : public testing::TestWithParam<float> {};

TEST_P(TukeyFieldOfShape, equals_its_plain_twin) {
  const float shape = GetParam();
  const std::vector<float> numbers = field(shape);
  for (std::size_t i = 0; i < 50000; ++i) {
    const double expected = tukey_at({31, 4}, philox::Purpose::tukey_read_noise, i, shape);
    // Rounding p to 24 bits moves ln p − ln(1 − p) by 2⁻²⁴·4 near p = ½; elsewhere a few roundings of a float, and
    // those of λ·s under the exponential, are relative.
    EXPECT_NEAR(numbers[i], expected, 5e-7 + 4e-6 * std::abs(expected));
  }
}

TEST_P(TukeyFieldOfShape, has_mean_0_and_the_variance_of_the_distribution) {
  const double shape = GetParam();
  const double variance = tukey_lambda_variance(shape);
  const std::vector<float> numbers = field(GetParam());
  EXPECT_NEAR(test::mean(numbers), 0.0, 5.0 * std::sqrt(variance / n));
  // Fourth moments exist for λ > −¼; at −0.2 the kurtosis is 46, and the sample's own fluctuates: doubled.
  const double kurtosis = shape < -0.1 ? 2.0 * 46.0 : 6.0;
  EXPECT_NEAR(test::variance(numbers) / variance, 1.0, 5.0 * std::sqrt(kurtosis / n));
}

INSTANTIATE_TEST_SUITE_P(shapes, TukeyFieldOfShape, testing::Values(-0.2F, -0.05F, 0.F, 1e-4F, 0.14F, 1.F, 2.F));

TEST(tukey_lambda, has_the_variances_of_its_named_members) {
  EXPECT_NEAR(tukey_lambda_variance(0.0), std::numbers::pi * std::numbers::pi / 3, 1e-12);  // logistic
  EXPECT_NEAR(tukey_lambda_variance(1.0), 1.0 / 3, 1e-12);                                  // uniform on [−1, 1]
  EXPECT_NEAR(tukey_lambda_variance(2.0), 1.0 / 12, 1e-12);                                 // uniform on [−½, ½]
  EXPECT_NEAR(tukey_lambda_variance(1.1e-5) / tukey_lambda_variance(0.0), 1.0, 1e-4) << "no step to the limit";
}

// Plain twins: the C library's functions.
TEST(elementary_functions, agree_with_the_library) {
  for (int i = -4000; i <= 4000; ++i) {
    const double x = i * 0.0097;
    EXPECT_NEAR(exponential(x) / std::exp(x), 1.0, 1e-15 * (4.0 + std::abs(x))) << x;
    const auto single = static_cast<float>(x);
    EXPECT_NEAR(exponential(single) / std::exp(static_cast<double>(single)), 1.0, 3e-7) << x;
    const double u = std::exp(x);
    EXPECT_NEAR(natural_log(u), std::log(u), 1e-15 * (1.0 + 2.0 * std::abs(x))) << u;
    const auto single_u = static_cast<float>(u);
    EXPECT_NEAR(natural_log(single_u), std::log(static_cast<double>(single_u)), 2e-7 * (1.0 + std::abs(x))) << u;
  }
}

}  // namespace
}  // namespace rdenoise

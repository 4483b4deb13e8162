// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <vector>

namespace rdenoise {
namespace {

std::vector<float> limited(std::vector<float> samples, const SampleLimits& limits) {
  limit_samples(samples, limits);
  return samples;
}

TEST(limit_samples, by_default_changes_nothing) {
  const std::vector<float> samples{-3.F, 0.123F, 7.F};
  EXPECT_EQ(limited(samples, {}), samples);
}

TEST(limit_samples, clips_each_end_by_itself) {
  const std::vector<float> samples{-0.5F, 0.25F, 1.5F};
  EXPECT_EQ(limited(samples, {.clip_black = true}), (std::vector<float>{0.F, 0.25F, 1.5F}));
  EXPECT_EQ(limited(samples, {.clip_white = true}), (std::vector<float>{-0.5F, 0.25F, 1.F}));
}

TEST(limit_samples, rounds_to_the_nearest_level) {
  EXPECT_EQ(limited({0.F, 0.49F, 0.51F, 1.F, -0.6F}, {.quantisation_bits = 1}),
            (std::vector<float>{0.F, 0.F, 1.F, 1.F, -1.F}));
  const std::vector<float> rounded = limited({0.1F, 0.77F}, {.quantisation_bits = 14});
  EXPECT_FLOAT_EQ(rounded[0], std::round(0.1F * 16383.F) / 16383.F);
  EXPECT_FLOAT_EQ(rounded[1], std::round(0.77F * 16383.F) / 16383.F);
}

TEST(limit_samples, leaves_what_is_not_a_number) {
  const std::vector<float> found = limited({std::nanf(""), std::numeric_limits<float>::infinity()}, {true, true, 8});
  EXPECT_TRUE(std::isnan(found[0]));
  EXPECT_EQ(found[1], 1.F);
}

TEST(limit_samples, refuses_other_depths) {
  std::vector<float> samples(3);
  EXPECT_THROW(limit_samples(samples, {.quantisation_bits = 17}), Error);
  EXPECT_THROW(limit_samples(samples, {.quantisation_bits = -1}), Error);
}

TEST(noise_model, of_cbdnet_has_signal_and_constant_part) {
  const NoiseModel noise = NoiseModel::heteroscedastic(0.16, 0.06);
  EXPECT_DOUBLE_EQ(noise.variance(0.25), 0.25 * 0.16 * 0.16 + 0.06 * 0.06);
}

TEST(noise_model, of_a_data_sheet_counts_electrons) {
  // 50000 e⁻ at base gain, 3 e⁻ of read noise, gain 4: white is 12500 e⁻.
  const NoiseModel noise = NoiseModel::from_electrons(50000.0, 3.0, 4.0);
  EXPECT_DOUBLE_EQ(noise.a, 1.0 / 12500.0);
  EXPECT_DOUBLE_EQ(noise.sigma(0.0) * 12500.0, 3.0);
  // Half of white: 6250 e⁻ and their square root.
  EXPECT_NEAR(noise.sigma(0.5) * 12500.0, std::sqrt(6250.0 + 9.0), 1e-9);
}

}  // namespace
}  // namespace rdenoise

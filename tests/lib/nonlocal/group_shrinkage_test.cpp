// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/group_shrinkage.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rdenoise {
namespace {

std::vector<float> coefficients(float step) {
  std::vector<float> values(37);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = step * (static_cast<float>(i) - 18.F);
  return values;
}

TEST(GroupShrinkage, hard_threshold_keeps_what_is_larger_and_counts_it) {
  std::vector<float> values = coefficients(0.5F);
  EXPECT_EQ(hard_threshold(values, 4.F), 20);
  for (int i = 0; i < 37; ++i) EXPECT_EQ(values[i], std::abs(i - 18) > 8 ? 0.5F * (i - 18) : 0.F);
}

TEST(GroupShrinkage, wiener_multiplies_by_energy_over_energy_and_noise) {
  std::vector<float> noisy(37, 2.F);
  const std::vector<float> pilot = coefficients(0.25F);
  double expected = 0.0;
  const float sum = wiener(noisy, pilot, 0.5F);
  for (int i = 0; i < 37; ++i) {
    const double factor = pilot[i] * pilot[i] / (pilot[i] * pilot[i] + 0.5);
    EXPECT_NEAR(noisy[i], 2.0 * factor, 1e-6);
    expected += factor * factor;
  }
  EXPECT_NEAR(sum, expected, 1e-4);
}

TEST(GroupShrinkage, details_shrink_by_half_at_tau_and_not_at_all_for_tau_0) {
  std::vector<float> values = coefficients(0.1F);
  shrink_details(values, 0.1F);
  EXPECT_FLOAT_EQ(values[19], 0.05F);
  EXPECT_FLOAT_EQ(values[17], -0.05F);
  EXPECT_EQ(values[18], 0.F);
  std::vector<float> kept = coefficients(0.1F);
  shrink_details(kept, 0.F);
  EXPECT_EQ(kept, coefficients(0.1F));
}

}  // namespace
}  // namespace rdenoise

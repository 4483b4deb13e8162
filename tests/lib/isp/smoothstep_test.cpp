// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/smoothstep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace rdenoise {
namespace {

TEST(Smoothstep, is_3x2_minus_2x3) {
  std::vector<float> samples{0.F, 0.25F, 0.5F, 0.9F, 1.F};
  smoothstep_row(samples);
  const std::vector<float> expected{0.F, 0.15625F, 0.5F, 0.972F, 1.F};
  for (std::size_t i = 0; i < samples.size(); ++i) EXPECT_NEAR(samples[i], expected[i], 1e-6F);
}

TEST(Smoothstep, its_inverse_is_the_formula_of_the_paper) {
  for (int i = 0; i <= 1000; ++i) {
    const float y = static_cast<float>(i) / 1000.F;
    std::vector<float> samples{y};
    inverse_smoothstep_row(samples);
    EXPECT_NEAR(samples[0], 0.5 - std::sin(std::asin(1.0 - 2.0 * static_cast<double>(y)) / 3.0), 2e-7) << y;
  }
}

TEST(Smoothstep, comes_back_through_its_inverse_with_all_its_digits) {
  std::vector<float> samples{0.F, 1e-6F, 1e-4F, 0.5F, 0.999F, 1.F};
  for (int i = 0; i <= 1000; ++i) samples.push_back(static_cast<float>(i) / 1000.F);
  std::vector<float> there_and_back = samples;
  inverse_smoothstep_row(there_and_back);
  smoothstep_row(there_and_back);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_NEAR(there_and_back[i], samples[i], 1e-6F * samples[i] + 1e-12F) << samples[i];
  }
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rdenoise::test {

double mean(std::span<const float> samples) noexcept {
  double sum = 0.0;
  for (const float sample : samples) sum += sample;
  return sum / static_cast<double>(samples.size());
}

double variance(std::span<const float> samples) noexcept {
  const double center = mean(samples);
  double sum = 0.0;
  for (const float sample : samples) sum += (sample - center) * (sample - center);
  return sum / static_cast<double>(samples.size() - 1);
}

float max_abs_difference(std::span<const float> a, std::span<const float> b) noexcept {
  float largest = 0.F;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float difference = std::abs(a[i] - b[i]);
    if (std::isnan(difference)) return std::numeric_limits<float>::infinity();
    largest = std::max(largest, difference);
  }
  return largest;
}

}  // namespace rdenoise::test

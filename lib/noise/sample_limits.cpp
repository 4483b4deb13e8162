// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/noise.hpp>
#include <string>

namespace rdenoise {

void limit_samples(std::span<float> samples, const SampleLimits& limits) {
  if (limits.quantisation_bits < 0 || limits.quantisation_bits > 16) {
    throw Error(ErrorCode::invalid_argument, "quantising samples: expected 1 to 16 bits, or 0 for none, found " +
                                                 std::to_string(limits.quantisation_bits));
  }
  if (limits == SampleLimits{}) return;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const float low = limits.clip_black ? 0.F : -infinity;
  const float high = limits.clip_white ? 1.F : infinity;
  const auto steps = static_cast<float>((1 << limits.quantisation_bits) - 1);
  for (float& sample : samples) {
    // Comparisons in this order leave what is not a number alone.
    if (sample < low) sample = low;
    if (sample > high) sample = high;
    if (limits.quantisation_bits > 0) sample = std::nearbyint(sample * steps) / steps;
  }
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/group_shrinkage.hpp"

#include <array>
#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {

RDENOISE_WIDE_VECTOR_CLONES
int hard_threshold(std::span<float> coefficients, float threshold) noexcept {
  int left = 0;
  for (float& coefficient : coefficients) {
    const bool kept = std::abs(coefficient) > threshold;
    coefficient = kept ? coefficient : 0.F;
    left += kept ? 1 : 0;
  }
  return left;
}

/// Multiplies samples[i] by p²/(p² + variance), with p = pilot[i], which may be the sample itself; sums the squared
/// factors. Sixteen partial sums in a fixed order: the same bits on every processor.
[[gnu::always_inline]] inline float attenuate(std::span<float> samples, const float* pilot, float variance) {
  constexpr std::size_t lanes = 16;
  std::array<float, lanes> sums{};
  const auto filter = [&](std::size_t i) {
    const float energy = pilot[i] * pilot[i];
    const float factor = energy / (energy + variance);
    samples[i] *= factor;
    return factor * factor;
  };
  std::size_t i = 0;
  for (; i + lanes <= samples.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += filter(i + lane);
  for (; i < samples.size(); ++i) sums[0] += filter(i);
  float sum = 0.F;
  for (const float part : sums) sum += part;
  return sum;
}

RDENOISE_WIDE_VECTOR_CLONES
float wiener(std::span<float> noisy, std::span<const float> pilot, float variance) noexcept {
  return attenuate(noisy, pilot.data(), variance);
}

RDENOISE_WIDE_VECTOR_CLONES
float shrink_details(std::span<float> details, float tau) noexcept {
  // A detail of 0 with τ = 0 is 0, not 0/0.
  return attenuate(details, details.data(), tau * tau + 1e-30F);
}

}  // namespace rdenoise

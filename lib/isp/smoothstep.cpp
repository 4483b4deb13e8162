// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/smoothstep.hpp"

#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void smoothstep(float* samples, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) samples[i] = samples[i] * samples[i] * (3.F - 2.F * samples[i]);
}

}  // namespace

void smoothstep_row(std::span<float> samples) noexcept { smoothstep(samples.data(), samples.size()); }

void inverse_smoothstep_row(std::span<float> samples) noexcept {
  for (float& sample : samples) {
    // Near both ends the root of the cubic is like √y; taking the near end's keeps its digits, where ½ − sin(…) of the
    // whole range would lose them.
    const bool upper = sample > 0.5F;
    const float y = upper ? 1.F - sample : sample;
    // Of x = ½ − sin(asin(1 − 2y)/3) with 1 − 2y = cos 2θ, sin θ = √y: x = ½ − sin(π/6 − 2θ/3) = 2·sin(θ/3)·cos(π/6 −
    // θ/3).
    const float third = std::asin(std::sqrt(y)) / 3.F;
    const float x = 2.F * std::sin(third) * std::cos(0.52359878F - third);
    sample = upper ? 1.F - x : x;
  }
}

}  // namespace rdenoise

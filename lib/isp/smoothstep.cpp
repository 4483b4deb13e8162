// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/smoothstep.hpp"

#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void smoothstep(float* samples, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) samples[i] = samples[i] * samples[i] * (3.F - 2.F * samples[i]);
}

/// The root of 3x² − 2x³ = y. Of the two halves, which are mirrored, the one near 0 keeps its digits. There x is a
/// power series in u = √(y/3), of which three terms are within 4 % and two of Newton's steps do the rest.
RDENOISE_VECTOR_CLONES void inverse_smoothstep(float* samples, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float sample = samples[i];
    const float mirrored = 1.F - sample;
    const float y = sample < mirrored ? sample : mirrored;
    const float u = std::sqrt(y * (1.F / 3.F));
    float x = u * (1.F + u * (1.F / 3.F + u * (5.F / 18.F))) + 1e-30F;  // never 0: it divides
    x -= (x * x * (3.F - 2.F * x) - y) / (6.F * x * (1.F - x));
    x -= (x * x * (3.F - 2.F * x) - y) / (6.F * x * (1.F - x));
    samples[i] = sample < mirrored ? x : 1.F - x;
  }
}

}  // namespace

void smoothstep_row(std::span<float> samples) noexcept { smoothstep(samples.data(), samples.size()); }

void inverse_smoothstep_row(std::span<float> samples) noexcept { inverse_smoothstep(samples.data(), samples.size()); }

}  // namespace rdenoise

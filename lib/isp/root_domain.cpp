// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/root_domain.hpp"

#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

// √root_knee, rounded once for both directions.
constexpr float root_of_knee = 0.0316227766F;

RDENOISE_VECTOR_CLONES void encode(float* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    samples[i] = std::copysign(std::sqrt(std::abs(samples[i]) + root_knee) - root_of_knee, samples[i]);
  }
}

RDENOISE_VECTOR_CLONES void decode(float* samples, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const float magnitude = std::abs(samples[i]);
    samples[i] = std::copysign(magnitude * (magnitude + 2.F * root_of_knee), samples[i]);
  }
}

}  // namespace

void encode_root(std::span<float> samples) noexcept { encode(samples.data(), samples.size()); }

void decode_root(std::span<float> samples) noexcept { decode(samples.data(), samples.size()); }

}  // namespace rdenoise

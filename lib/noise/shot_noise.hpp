// SPDX-License-Identifier: LGPL-2.1-or-later
// The signal-dependent part of the noise: photons are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// Below this slope the noise is less than the rounding of a float: no shot noise at all, and no division by it.
inline constexpr float least_shot_slope = 1e-30F;

/// noisy[i] = clean[i] + a·(Poisson(max(clean[i], 0)/a) − mean) for `count` pixels that lie in one group of the field,
/// the first at place `offset` of it. In place is allowed.
void add_shot_noise(const float* clean, float* noisy, std::size_t count, float a, const NoiseSeed& seed,
                    std::uint64_t group_index, std::size_t offset) noexcept;

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Standard normal numbers by position.
#pragma once

#include <array>
#include <cstdint>

#include "noise/philox.hpp"

namespace rdenoise {

/// Numbers are made in groups of this many neighbours, so that the work runs in vector registers.
inline constexpr int gaussian_group_size = 128;
using GaussianGroup = std::array<float, gaussian_group_size>;

/// The standard normal numbers at indices group_index·gaussian_group_size + 0 … of a field. Box-Muller on Philox
/// blocks; |z| ≤ 6.6. The same bits on every processor.
void gaussian_group(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t group_index,
                    GaussianGroup& normal) noexcept;

/// Plain twin of gaussian_group: one number, in double precision, by the C library's functions.
[[nodiscard]] double gaussian_at(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t index) noexcept;

}  // namespace rdenoise

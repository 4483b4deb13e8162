// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers of the Tukey-lambda distribution by position.
#pragma once

#include <cstdint>

#include "noise/gaussian_field.hpp"

namespace rdenoise {

/// The numbers of scale 1 and this λ at the indices of a group of a field, by the quantile function
/// Q(p) = (pᵏ − (1 − p)ᵏ)/k with k = λ; ln(p/(1 − p)) for λ = 0. |ln p| ≤ 23. The same bits on every processor.
void tukey_group(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t group_index, float shape,
                 GaussianGroup& numbers) noexcept;

/// Plain twin of tukey_group: one number, in double precision, by the C library's functions.
[[nodiscard]] double tukey_at(const NoiseSeed& seed, philox::Purpose purpose, std::uint64_t index,
                              double shape) noexcept;

}  // namespace rdenoise

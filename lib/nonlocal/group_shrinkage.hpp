// SPDX-License-Identifier: LGPL-2.1-or-later
// What happens to the coefficients of a group.
#pragma once

#include <span>

namespace rdenoise {

/// Sets every coefficient of at most `threshold` in magnitude to 0. Returns how many are left.
int hard_threshold(std::span<float> coefficients, float threshold) noexcept;

/// Empirical Wiener filter: multiplies each noisy coefficient by p²/(p² + variance), with p the pilot's coefficient.
/// Returns the sum of the squared factors.
float wiener(std::span<float> noisy, std::span<const float> pilot, float variance) noexcept;

/// Multiplies each detail q by q²/(q² + τ²). Returns the sum of the squared factors.
float shrink_details(std::span<float> details, float tau) noexcept;

}  // namespace rdenoise

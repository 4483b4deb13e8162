// SPDX-License-Identifier: LGPL-2.1-or-later
// Sums in double over float samples.
#pragma once

#include <span>

namespace rdenoise::test {

[[nodiscard]] double mean(std::span<const float> samples) noexcept;

/// Unbiased (divides by n − 1).
[[nodiscard]] double variance(std::span<const float> samples) noexcept;

/// Largest |a − b|; the spans have the same size. +∞ if any difference is not a number.
[[nodiscard]] float max_abs_difference(std::span<const float> a, std::span<const float> b) noexcept;

}  // namespace rdenoise::test

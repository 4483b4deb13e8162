// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of stored samples: the difference of two, and their weighted mean.
#pragma once

#include <cstdint>

namespace rdenoise {

/// Weights are integers: this many stand for 1, which is itself one too many for 16 bits.
inline constexpr int whole_weight = 1 << 15;

/// differences = now − before
void subtract_row(const std::uint16_t* now, const std::uint16_t* before, int samples, std::int16_t* differences);

/// averaged = before + weight · difference, rounded to nearest.
/// differences  a frame's samples less those of `before`
/// weights      one for each sample, 0 … whole_weight − 1
void blend_row(const std::uint16_t* before, const std::int16_t* differences, const std::int16_t* weights, int samples,
               std::uint16_t* averaged);

/// Each value twice.
void repeat_each(const std::int16_t* values, int count, std::int16_t* repeated);

}  // namespace rdenoise

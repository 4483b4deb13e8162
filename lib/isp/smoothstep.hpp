// SPDX-License-Identifier: LGPL-2.1-or-later
// The contrast curve y = 3x² − 2x³ of Brooks et al. and its inverse, for signals of 0 … 1.
#pragma once

#include <span>

namespace rdenoise {

void smoothstep_row(std::span<float> samples) noexcept;
void inverse_smoothstep_row(std::span<float> samples) noexcept;

}  // namespace rdenoise

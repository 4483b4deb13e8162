// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 matrices on colours, row-major.
#pragma once

#include <array>
#include <cstddef>

namespace rdenoise {

using ColorMatrix = std::array<float, 9>;

/// throws  Error{invalid_argument} if it has none, or elements that are not finite
[[nodiscard]] ColorMatrix inverse(const ColorMatrix& matrix);

/// colour ← matrix·colour for each pixel, in place.
void apply_color_matrix(const ColorMatrix& matrix, float* red, float* green, float* blue, std::size_t count);

}  // namespace rdenoise

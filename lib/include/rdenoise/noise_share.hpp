// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise that was made weaker in some places of a frame and not in others.
#pragma once

#include <cstddef>
#include <vector>

namespace rdenoise {

/// How much noise a frame has less than its profile says: σ as a share of the profile's, one for each cell of 2×2
/// pixels of the frame.
struct NoiseShare {
  int width_cells = 0;
  int height_cells = 0;
  std::vector<float> sigma_share;  ///< row by row, 0 … 1

  /// Cells that a frame has along an edge of so many pixels; an odd last pixel has one of its own.
  [[nodiscard]] static constexpr int cells_along(int size_px) noexcept { return size_px / 2 + size_px % 2; }

  [[nodiscard]] const float* row(int y_cell) const noexcept {
    return sigma_share.data() + static_cast<std::size_t>(y_cell) * width_cells;
  }
};

}  // namespace rdenoise

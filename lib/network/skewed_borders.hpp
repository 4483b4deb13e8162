// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tiles of a skewed grid hand on to their right and lower neighbours, layer by layer.
#pragma once

#include <rdenoise/skewed_network.hpp>
#include <vector>

#include "network/onednn_arena.hpp"
#include "network/onednn_moves.hpp"
#include "network/pixel_planes.hpp"

namespace rdenoise::onednn {

/// A convolution leaves its result one row and one pixel further on in memory than where the next one begins to read,
/// in the directions in which the frame is cut. So the next window starts two rows above and two columns left of what
/// is right of the result, and there is room for the neighbours' borders.
[[nodiscard]] std::size_t shift_bytes(const SkewedGrid& grid, const Activation& value);

class SkewedBorders {
 public:
  /// layers  of those whose borders are shared
  SkewedBorders(const SkewedGrid& grid, int cell_px, const std::vector<PixelPlanes>& layers);

  /// Completes a tile's window of `layer`, as the next convolution reads it: puts the neighbours' borders in, makes
  /// zero what lies outside the frame, and keeps this tile's borders for its neighbours.
  void exchange(int layer, int column, int row, const Activation& window);

  [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_bytes_; }

 private:
  struct LayerPlace {
    std::size_t rows_offset;     ///< [plane][2][columns · step]
    std::size_t columns_offset;  ///< [row in flight][plane][window height][2]
    PixelPlanes planes;
  };

  SkewedGrid grid_;  ///< in cells
  std::vector<LayerPlace> places_;
  std::size_t memory_bytes_ = 0;
  Arena memory_;
};

}  // namespace rdenoise::onednn

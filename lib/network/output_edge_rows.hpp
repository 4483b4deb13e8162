// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of a 3×3 convolution to few channels: tiles side by side, on the CPU's widest vectors.
#pragma once

#include <cstddef>

namespace rdenoise::onednn {

/// A picture in blocks of as many channels as a vector has lanes: [block][row][pixel][lane], or all of a pixel's blocks
/// together, [row][pixel][block][lane]. Zero beyond its edges.
struct BlockedPicture {
  const float* data;
  int n_blocks;
  int pixel_floats;             ///< from pixel to pixel
  std::ptrdiff_t block_floats;  ///< from block to block
  int height;
  int width;
};

/// One pass over a row, or over rows_at_once rows.
struct EdgeRows {
  BlockedPicture src;
  int y;                       ///< first row
  int width;                   ///< pixels to compute, ≤ src.width
  const float* weights;        ///< [block][ky][kx][output][lane], aligned to its vectors
  float* patch;                ///< patch_floats: room for a tile at the picture's edge
  float* sums;                 ///< result, [row][output][sums_stride]: without bias
  std::ptrdiff_t sums_stride;  ///< ≥ width rounded up by a vector
};

inline constexpr int max_edge_group = 4;  ///< outputs of one pass

using EdgeRowsKernel = void (*)(const EdgeRows&);

/// lanes: 16 or 8. n_outputs: 1 … max_edge_group. nullptr: built without the kernels.
[[nodiscard]] EdgeRowsKernel edge_rows_kernel(int lanes, int n_outputs) noexcept;

/// Rows that a pass to so many outputs computes.
[[nodiscard]] int edge_rows_at_once(int lanes, int n_outputs) noexcept;

[[nodiscard]] std::size_t edge_patch_floats(int lanes, int n_blocks) noexcept;

}  // namespace rdenoise::onednn

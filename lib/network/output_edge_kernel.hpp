// SPDX-License-Identifier: LGPL-2.1-or-later
// The inner loop of a 3×3 convolution to few channels. Its vectors hold channels of one pixel, so that no lane is idle
// however few the outputs are; what is left is one sum across the lanes for each output.
#pragma once

#include "network/vector_lanes.hpp"

namespace rdenoise::onednn {

/// A tile has as many sums as a vector has lanes, or a few less: enough to hide the latency of multiply-adds, and one
/// vector after they are added up. A single output takes two rows at once, which halves what it reads.
template <int lanes, int n_outputs>
struct EdgeTile {
  static constexpr int rows = n_outputs == 1 && lanes == 16 ? 2 : 1;
  static constexpr int width = lanes / (n_outputs * rows);
};

/// What a tile reads: channels in blocks of one vector, [block][row][pixel][lane].
struct EdgeSource {
  const float* first;  ///< pixel above and left of the tile's first
  std::ptrdiff_t pixel_floats;
  std::ptrdiff_t row_floats;
  std::ptrdiff_t block_floats;
  int n_blocks;
};

/// sums[i] across its lanes, for all i: neighbours are added pair by pair, in as many rounds as the lanes have bits.
template <int lanes>
[[gnu::always_inline]] inline void add_across(Vector<lanes> (&sums)[lanes], float* to) {
  typename VectorOf<lanes>::Index even;
  for (int i = 0; i < lanes; ++i) even[i] = 2 * i;
#pragma GCC unroll 8
  for (int n = lanes / 2; n > 0; n /= 2)
#pragma GCC unroll 16
    for (int i = 0; i < n; ++i)
      sums[i] = __builtin_shuffle(sums[2 * i], sums[2 * i + 1], even) +
                __builtin_shuffle(sums[2 * i], sums[2 * i + 1], even + 1);
  std::memcpy(to, &sums[0], sizeof sums[0]);
}

/// Sums over channels and taps: to[(row · n_outputs + output) · width + pixel].
/// weights  [block][ky][kx][output][lane]
template <int lanes, int n_outputs>
[[gnu::always_inline]] inline void sum_tile(const EdgeSource& src, const float* weights, float* to) {
  using Tile = EdgeTile<lanes, n_outputs>;
  Vector<lanes> sums[lanes] = {};
  const float* block = src.first;
  for (int b = 0; b < src.n_blocks; ++b, block += src.block_floats, weights += 9 * n_outputs * lanes) {
#pragma GCC unroll 4
    for (int y = 0; y < Tile::rows + 2; ++y) {
      const float* const row = block + y * src.row_floats;
#pragma GCC unroll 3
      for (int kx = 0; kx < 3; ++kx)
#pragma GCC unroll 16
        for (int x = 0; x < Tile::width; ++x) {
          Vector<lanes> pixel;
          load<lanes>(pixel, row + (x + kx) * src.pixel_floats);
#pragma GCC unroll 2
          for (int r = 0; r < Tile::rows; ++r) {
            const int ky = y - r;
            if (ky < 0 || ky > 2) continue;
#pragma GCC unroll 4
            for (int o = 0; o < n_outputs; ++o) {
              Vector<lanes> weight;
              load<lanes>(weight, weights + ((ky * 3 + kx) * n_outputs + o) * lanes);
              sums[(r * n_outputs + o) * Tile::width + x] += pixel * weight;
            }
          }
        }
    }
  }
  add_across<lanes>(sums, to);
}

}  // namespace rdenoise::onednn

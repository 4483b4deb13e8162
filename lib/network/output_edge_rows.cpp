// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/output_edge_rows.hpp"

#include <algorithm>

#include "network/vector_lanes.hpp"
#if RDENOISE_HAS_VECTOR_LANES
#include "network/output_edge_kernel.hpp"
#endif

namespace rdenoise::onednn {

#if RDENOISE_HAS_VECTOR_LANES
namespace {

/// The source of a tile that reaches beyond the picture, copied with zeros around it.
template <int lanes, int n_outputs>
EdgeSource padded_source(const EdgeRows& rows, int x) {
  using Tile = EdgeTile<lanes, n_outputs>;
  constexpr int height = Tile::rows + 2;
  constexpr int width = Tile::width + 2;
  const BlockedPicture& src = rows.src;
  const int first_x = std::clamp(x - 1, 0, src.width);
  const int end_x = std::clamp(x - 1 + width, 0, src.width);
  float* const patch = rows.patch;
  std::fill_n(patch, static_cast<std::size_t>(src.n_blocks) * height * width * lanes, 0.0f);
  for (int block = 0; block < src.n_blocks; ++block)
    for (int i = 0; i < height; ++i) {
      const int y = rows.y - 1 + i;
      if (y < 0 || y >= src.height) continue;
      const float* from = src.data + block * src.block_floats +
                          (static_cast<std::ptrdiff_t>(y) * src.width + first_x) * src.pixel_floats;
      float* to = patch + ((block * height + i) * width + first_x - (x - 1)) * lanes;
      for (int n = first_x; n < end_x; ++n, from += src.pixel_floats, to += lanes) std::copy_n(from, lanes, to);
    }
  return {patch, lanes, width * lanes, height * width * lanes, src.n_blocks};
}

template <int lanes, int n_outputs>
[[gnu::always_inline]] inline void sum_rows(const EdgeRows& rows) {
  using Tile = EdgeTile<lanes, n_outputs>;
  const BlockedPicture& src = rows.src;
  const std::ptrdiff_t row_floats = static_cast<std::ptrdiff_t>(src.width) * src.pixel_floats;
  const float* const row_above = src.data + (rows.y - 1) * row_floats;
  const bool rows_inside = rows.y >= 1 && rows.y + Tile::rows + 1 <= src.height;
  for (int x = 0; x < rows.width; x += Tile::width) {
    const bool inside = rows_inside && x >= 1 && x + Tile::width + 1 <= src.width;
    const EdgeSource tile = inside ? EdgeSource{row_above + (x - 1) * src.pixel_floats, src.pixel_floats, row_floats,
                                                src.block_floats, src.n_blocks}
                                   : padded_source<lanes, n_outputs>(rows, x);
    float sums[lanes];
    sum_tile<lanes, n_outputs>(tile, rows.weights, sums);
    for (int i = 0; i < Tile::rows * n_outputs; ++i)
      std::copy_n(sums + i * Tile::width, Tile::width, rows.sums + i * rows.sums_stride + x);
  }
}

template <int n_outputs>
RDENOISE_FOR_16_LANES void sum_rows_avx512(const EdgeRows& rows) {
  sum_rows<16, n_outputs>(rows);
}

template <int n_outputs>
RDENOISE_FOR_8_LANES void sum_rows_avx2(const EdgeRows& rows) {
  sum_rows<8, n_outputs>(rows);
}

constexpr EdgeRowsKernel avx512[] = {sum_rows_avx512<1>, sum_rows_avx512<2>, sum_rows_avx512<3>, sum_rows_avx512<4>};
constexpr EdgeRowsKernel avx2[] = {sum_rows_avx2<1>, sum_rows_avx2<2>, sum_rows_avx2<3>, sum_rows_avx2<4>};

}  // namespace

EdgeRowsKernel edge_rows_kernel(int lanes, int n_outputs) noexcept {
  return lanes == 16 ? avx512[n_outputs - 1] : avx2[n_outputs - 1];
}

int edge_rows_at_once(int lanes, int n_outputs) noexcept {
  return lanes == 16 && n_outputs == 1 ? EdgeTile<16, 1>::rows : 1;
}

std::size_t edge_patch_floats(int lanes, int n_blocks) noexcept {
  constexpr int most_px = (EdgeTile<16, 1>::rows + 2) * (EdgeTile<16, 1>::width + 2);
  return static_cast<std::size_t>(most_px) * lanes * n_blocks;
}

#else

EdgeRowsKernel edge_rows_kernel(int, int) noexcept { return nullptr; }
int edge_rows_at_once(int, int) noexcept { return 1; }
std::size_t edge_patch_floats(int, int) noexcept { return 0; }

#endif

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// The sums of a 3×3 convolution by matrix units: bf16 products, added up in f32. A product of tiles takes 16 cycles and
// loading one 8, so four products for four or five loads keep the multiplier busy.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/matrix_intrinsics.hpp"
#include "network/matrix_units.hpp"

namespace rdenoise::onednn {

constexpr int chunk_values = tile_row_bytes / 2;  ///< bf16 in a row of a tile

/// Three rows of a picture, whole pixels of bf16: above, here, below. Each begins with the pixel left of the first.
/// Readable for chunk_values beyond the last pixel that is read, and finite there.
struct TapRows {
  const std::uint16_t* row[3];
  int pixel_values;  ///< even

  /// Of the three pixels that a kernel's row covers, which follow each other in memory.
  [[nodiscard]] constexpr int n_chunks() const noexcept { return (3 * pixel_values + chunk_values - 1) / chunk_values; }
  /// In the last of them.
  [[nodiscard]] constexpr int last_values() const noexcept {
    return 3 * pixel_values - (n_chunks() - 1) * chunk_values;
  }
};

/// Outputs are summed in groups of one or two tiles' columns.
constexpr int group_outputs(int n_tiles) noexcept { return n_tiles * tile_rows; }
constexpr int group_pixels(int n_tiles) noexcept { return n_tiles == 1 ? 64 : 32; }
/// A group's sums: [pixel][output], f32.
constexpr int group_sums = 1024;

/// Values in one group's weights: [kernel row][chunk][tile][pair of values][output][2], zero beyond the third pixel.
constexpr std::size_t group_weight_values(int n_tiles, int n_chunks) noexcept {
  return static_cast<std::size_t>(3 * n_chunks * n_tiles) * tile_bytes / 2;
}

/// As matrix_sums<n_tiles> wants them: a product takes as many cycles as its factors have pairs of values.
[[nodiscard]] inline std::array<TileShape, 8> tile_shapes(int n_tiles, const TapRows& rows) noexcept {
  const TileShape whole;
  const TileShape last_pixels{tile_rows, rows.last_values() * 2};
  const TileShape last_weights{rows.last_values() / 2, tile_row_bytes};
  if (n_tiles == 1) return {whole, whole, whole, whole, whole, whole, last_pixels, last_weights};
  if (rows.n_chunks() > 1) return {whole, whole, whole, whole, whole, whole, whole, whole};
  return {whole, whole, whole, whole, last_pixels, last_pixels, last_weights, last_weights};
}

/// The tile intrinsics do not tell the compiler which memory they read.
inline void finish_stores() noexcept { asm volatile("" ::: "memory"); }

/// 64 pixels × 16 outputs. Tiles 0 … 3: sums; 4, 5: pixels and weights; 6, 7: the same of a last chunk.
template <typename Store>
RDENOISE_MATRIX_TARGET void sum_narrow(const TapRows& rows, int x, const std::uint16_t* weights, const float* bias,
                                       float* sums, Store& previous) noexcept {
  finish_stores();
  // Each row of a sum begins as the bias.
  _tile_loadd(0, bias, 0);
  _tile_loadd(1, bias, 0);
  _tile_loadd(2, bias, 0);
  _tile_loadd(3, bias, 0);
  const std::ptrdiff_t tile_step = static_cast<std::ptrdiff_t>(tile_rows) * rows.pixel_values;
  const std::ptrdiff_t pixel_bytes = rows.pixel_values * 2;
  const int n_chunks = rows.n_chunks();
  for (const std::uint16_t* row : rows.row) {
    const std::uint16_t* pixels = row + static_cast<std::ptrdiff_t>(x) * rows.pixel_values;
    for (int chunk = 1; chunk < n_chunks; ++chunk, pixels += chunk_values, weights += tile_bytes / 2) {
      _tile_loadd(5, weights, tile_row_bytes);
      _tile_loadd(4, pixels, pixel_bytes);
      _tile_dpbf16ps(0, 4, 5);
      previous.do_part();
      _tile_loadd(4, pixels + tile_step, pixel_bytes);
      _tile_dpbf16ps(1, 4, 5);
      _tile_loadd(4, pixels + 2 * tile_step, pixel_bytes);
      _tile_dpbf16ps(2, 4, 5);
      _tile_loadd(4, pixels + 3 * tile_step, pixel_bytes);
      _tile_dpbf16ps(3, 4, 5);
    }
    _tile_loadd(7, weights, tile_row_bytes);
    _tile_loadd(6, pixels, pixel_bytes);
    _tile_dpbf16ps(0, 6, 7);
    previous.do_part();
    _tile_loadd(6, pixels + tile_step, pixel_bytes);
    _tile_dpbf16ps(1, 6, 7);
    _tile_loadd(6, pixels + 2 * tile_step, pixel_bytes);
    _tile_dpbf16ps(2, 6, 7);
    _tile_loadd(6, pixels + 3 * tile_step, pixel_bytes);
    _tile_dpbf16ps(3, 6, 7);
    weights += tile_bytes / 2;
  }
  _tile_stored(0, sums, tile_row_bytes);
  _tile_stored(1, sums + 256, tile_row_bytes);
  _tile_stored(2, sums + 512, tile_row_bytes);
  _tile_stored(3, sums + 768, tile_row_bytes);
}

/// 32 pixels × 32 outputs. Tiles 0 … 3: sums; 4, 5: pixels; 6, 7: weights.
template <typename Store>
RDENOISE_MATRIX_TARGET void sum_wide(const TapRows& rows, int x, const std::uint16_t* weights, const float* bias,
                                     float* sums, Store& previous) noexcept {
  finish_stores();
  _tile_loadd(0, bias, 0);
  _tile_loadd(1, bias + tile_rows, 0);
  _tile_loadd(2, bias, 0);
  _tile_loadd(3, bias + tile_rows, 0);
  const std::ptrdiff_t tile_step = static_cast<std::ptrdiff_t>(tile_rows) * rows.pixel_values;
  const std::ptrdiff_t pixel_bytes = rows.pixel_values * 2;
  const int n_chunks = rows.n_chunks();
  for (const std::uint16_t* row : rows.row) {
    const std::uint16_t* pixels = row + static_cast<std::ptrdiff_t>(x) * rows.pixel_values;
    for (int chunk = 0; chunk < n_chunks; ++chunk, pixels += chunk_values, weights += tile_bytes) {
      _tile_loadd(4, pixels, pixel_bytes);
      _tile_loadd(6, weights, tile_row_bytes);
      _tile_dpbf16ps(0, 4, 6);
      previous.do_part();
      _tile_loadd(7, weights + tile_bytes / 2, tile_row_bytes);
      _tile_dpbf16ps(1, 4, 7);
      _tile_loadd(5, pixels + tile_step, pixel_bytes);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
  }
  constexpr int row_bytes = 2 * tile_row_bytes;
  _tile_stored(0, sums, row_bytes);
  _tile_stored(1, sums + 16, row_bytes);
  _tile_stored(2, sums + 512, row_bytes);
  _tile_stored(3, sums + 512 + 16, row_bytes);
}

/// sums = bias + convolution for group_pixels(n_tiles) pixels from x on. Tiles must have tile_shapes().
/// n_tiles   1 or 2
/// bias      [group_outputs(n_tiles)]
/// previous  stores other sums meanwhile, in 3 · n_chunks parts
template <int n_tiles, typename Store>
void matrix_sums(const TapRows& rows, int x, const std::uint16_t* weights, const float* bias, float* sums,
                 Store& previous) noexcept {
  if constexpr (n_tiles == 1)
    sum_narrow(rows, x, weights, bias, sums, previous);
  else
    sum_wide(rows, x, weights, bias, sums, previous);
}

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// The sums of a 3×3 convolution by matrix units, of bf16 or of eight bits. A product of tiles takes 16 cycles, however
// few values its factors have. Loading a tile takes 8, but 20 … 37 if its rows lie across two cache lines each, as
// those of short pixels do; so four products have four or five loads, to keep the multiplier busy.
#pragma once

#include <cstddef>

#include "network/matrix_tiles.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

constexpr int chunk_bytes = tile_row_bytes;

/// Of a row, what is summed up for the outputs of one row of a tile.
struct TapShape {
  int step_bytes;  ///< from one to the next; a multiple of 4
  int taps_bytes;  ///< that follow each other in memory: the pixels that the kernel's row covers

  /// A kernel's row covers three pixels.
  static constexpr TapShape of_pixels(int pixel_bytes) noexcept { return {pixel_bytes, 3 * pixel_bytes}; }
  /// Two pixels side by side have four under their kernels.
  static constexpr TapShape of_pairs(int pixel_bytes) noexcept { return {2 * pixel_bytes, 4 * pixel_bytes}; }

  [[nodiscard]] constexpr int n_chunks() const noexcept { return (taps_bytes + chunk_bytes - 1) / chunk_bytes; }
  /// In the last of them.
  [[nodiscard]] constexpr int last_bytes() const noexcept { return taps_bytes - (n_chunks() - 1) * chunk_bytes; }
};

/// Three rows of a picture, whole pixels: above, here, below. Each begins with the pixel left of the first. Readable
/// for chunk_bytes beyond the last pixel that is read, and finite there.
struct TapRows {
  const std::byte* row[3];
};

/// Outputs are summed in groups of one or two tiles' columns.
constexpr int group_outputs(int n_tiles) noexcept { return n_tiles * tile_rows; }
/// Pixels, or pairs of them.
constexpr int group_steps(int n_tiles) noexcept { return n_tiles == 1 ? 64 : 32; }
/// A group's sums: [pixel or pair][output], f32 or std::int32_t.
constexpr int group_sums = 1024;

/// Of one group's weights: [kernel row][chunk][tile][four bytes][output][4], zero where a pixel lies
/// under no kernel of the output.
constexpr std::size_t group_weight_bytes(int n_tiles, int n_chunks) noexcept {
  return static_cast<std::size_t>(3 * n_chunks * n_tiles) * tile_bytes;
}

/// Where in them the factors of the bytes from `byte` on are, of the pixels that the kernel's row covers.
/// output  in the group
constexpr std::size_t place_of_weight(int n_tiles, int n_chunks, int kernel_row, int byte, int output) noexcept {
  const int in_chunk = byte % chunk_bytes;
  const auto tile =
      static_cast<std::size_t>((kernel_row * n_chunks + byte / chunk_bytes) * n_tiles + output / tile_rows);
  return tile * tile_bytes +
         static_cast<std::size_t>(in_chunk / 4 * tile_row_bytes + output % tile_rows * 4 + in_chunk % 4);
}

/// As matrix_sums wants them: a last chunk is loaded no longer than it is, and so lies in one cache line more often.
[[nodiscard]] inline std::array<TileShape, 8> tile_shapes(int n_tiles, TapShape taps) noexcept {
  const TileShape whole;
  const TileShape last_pixels{tile_rows, taps.last_bytes()};
  const TileShape last_weights{taps.last_bytes() / 4, tile_row_bytes};
  if (n_tiles == 1 || taps.last_bytes() < chunk_bytes)
    return {whole, whole, whole, whole, whole, whole, last_pixels, last_weights};
  return {whole, whole, whole, whole, whole, whole, whole, whole};
}

/// Asks for lines [first, end) of the weights that come after these. A row of pixels takes all weights of a group
/// before it takes one again: where another process uses this core's first cache as well, they are gone from it by
/// then, and a tile waits for its lines one after another.
template <int first, int end>
[[gnu::always_inline]] inline void fetch_weights(const std::byte* next) {
  constexpr int line_bytes = 64;
  for (int line = first; line < end; ++line) __builtin_prefetch(next + line * line_bytes);
}

/// Four products for one chunk, 64 pixels × 16 outputs.
/// pixels, weights  tiles for them
template <Products products, int pixels, int weights, typename Store>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void add_narrow(const std::byte* from, std::ptrdiff_t step_bytes,
                                                                     const std::byte* factors, Store& previous) {
  const std::ptrdiff_t tile_step = tile_rows * step_bytes;
  previous.do_part();
  load_tile<weights>(factors, tile_row_bytes);
  load_tile<pixels>(from, step_bytes);
  fetch_weights<0, 16>(factors + tile_bytes);
  add_products<products, 0, pixels, weights>();
  load_tile<pixels>(from + tile_step, step_bytes);
  add_products<products, 1, pixels, weights>();
  load_tile<pixels>(from + 2 * tile_step, step_bytes);
  add_products<products, 2, pixels, weights>();
  load_tile<pixels>(from + 3 * tile_step, step_bytes);
  add_products<products, 3, pixels, weights>();
}

/// The same, 32 pixels × 32 outputs. Loads the first output's weights twice, as that takes no more tiles.
template <Products products, int pixels, int weights, typename Store>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void add_wide(const std::byte* from, std::ptrdiff_t step_bytes,
                                                                   const std::byte* factors, Store& previous) {
  load_tile<pixels>(from, step_bytes);
  load_tile<weights>(factors, tile_row_bytes);
  add_products<products, 0, pixels, weights>();
  previous.do_part();
  load_tile<weights>(factors + tile_bytes, tile_row_bytes);
  add_products<products, 1, pixels, weights>();
  load_tile<pixels>(from + tile_rows * step_bytes, step_bytes);
  add_products<products, 3, pixels, weights>();
  load_tile<weights>(factors, tile_row_bytes);
  add_products<products, 2, pixels, weights>();
}

/// The same, of whole chunks. Tiles 4, 5: pixels; 6, 7: weights.
template <Products products, typename Store>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void add_whole_wide(const std::byte* from,
                                                                         std::ptrdiff_t step_bytes,
                                                                         const std::byte* factors, Store& previous) {
  previous.do_part();
  load_tile<6>(factors, tile_row_bytes);
  load_tile<4>(from, step_bytes);
  load_tile<5>(from + tile_rows * step_bytes, step_bytes);
  load_tile<7>(factors + tile_bytes, tile_row_bytes);
  const std::byte* const next = factors + 2 * tile_bytes;
  add_products<products, 0, 4, 6>();
  fetch_weights<0, 10>(next);
  add_products<products, 2, 5, 6>();
  fetch_weights<10, 21>(next);
  add_products<products, 1, 4, 7>();
  fetch_weights<21, 32>(next);
  add_products<products, 3, 5, 7>();
}

/// sums = convolution for group_steps(n_tiles) pixels or pairs from `first` on; of bf16, the bias is added. Tiles must
/// have tile_shapes().
/// n_tiles   1 or 2
/// bias      [group_outputs(n_tiles)]
/// previous  stores other sums meanwhile, in 3 · n_chunks parts
template <Products products, int n_tiles, typename Store>
RDENOISE_MATRIX_TARGET void matrix_sums(const TapRows& rows, TapShape taps, int first, const std::byte* weights,
                                        const float* bias, float* sums, Store& previous) noexcept {
  finish_stores();
  if constexpr (products == Products::bf16) {
    // Each row of a sum begins as the bias.
    constexpr int other_outputs = n_tiles == 1 ? 0 : tile_rows;
    load_tile<0>(bias, 0);
    load_tile<1>(bias + other_outputs, 0);
    load_tile<2>(bias, 0);
    load_tile<3>(bias + other_outputs, 0);
  } else {
    clear_tile<0>();
    clear_tile<1>();
    clear_tile<2>();
    clear_tile<3>();
  }
  const int n_chunks = taps.n_chunks();
  const bool all_whole = taps.last_bytes() == chunk_bytes;
  const std::ptrdiff_t step_bytes = taps.step_bytes;
  for (const std::byte* row : rows.row) {
    const std::byte* pixels = row + first * step_bytes;
    for (int chunk = 1; chunk < n_chunks; ++chunk, pixels += chunk_bytes, weights += n_tiles * tile_bytes)
      if constexpr (n_tiles == 1)
        add_narrow<products, 4, 5>(pixels, step_bytes, weights, previous);
      else if (all_whole)
        add_whole_wide<products>(pixels, step_bytes, weights, previous);
      else
        add_wide<products, 4, 5>(pixels, step_bytes, weights, previous);
    if constexpr (n_tiles == 1)
      add_narrow<products, 6, 7>(pixels, step_bytes, weights, previous);
    else if (all_whole)
      add_whole_wide<products>(pixels, step_bytes, weights, previous);
    else
      add_wide<products, 6, 7>(pixels, step_bytes, weights, previous);
    weights += n_tiles * tile_bytes;
  }
  constexpr int row_bytes = n_tiles * tile_row_bytes;
  constexpr int second = n_tiles == 1 ? tile_rows * tile_rows : tile_rows;
  store_tile<0>(sums, row_bytes);
  store_tile<1>(sums + second, row_bytes);
  store_tile<2>(sums + group_sums / 2, row_bytes);
  store_tile<3>(sums + group_sums / 2 + second, row_bytes);
}

#endif

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// The matrix registers of newer x86 processors (AMX): eight tiles of 16 rows of 64 bytes. Intel, "Architecture
// instruction set extensions programming reference", chapter 3.
#pragma once

#include <array>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RDENOISE_HAS_MATRIX_KERNELS 1
/// Of functions that use tiles. Every processor with AMX has these vectors, too.
#define RDENOISE_MATRIX_TARGET \
  [[gnu::target("amx-tile,amx-bf16,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx512vnni,avx2,fma")]]
#else
#define RDENOISE_HAS_MATRIX_KERNELS 0
#endif

namespace rdenoise::onednn {

constexpr int tile_rows = 16;
constexpr int tile_row_bytes = 64;
constexpr int tile_bytes = tile_rows * tile_row_bytes;

/// True if this process may use them: the processor and ONEDNN_MAX_CPU_ISA have them, and the system lets it.
[[nodiscard]] bool has_matrix_units() noexcept;

#if RDENOISE_HAS_MATRIX_KERNELS

/// Of one tile; it may be smaller than its register.
struct TileShape {
  int rows = tile_rows;
  int row_bytes = tile_row_bytes;
};

/// While it lives, this thread's tiles have these shapes.
class ShapedTiles {
 public:
  explicit ShapedTiles(const std::array<TileShape, 8>& shapes) noexcept;
  ~ShapedTiles();
  ShapedTiles(const ShapedTiles&) = delete;
  ShapedTiles& operator=(const ShapedTiles&) = delete;
};

#endif

}  // namespace rdenoise::onednn

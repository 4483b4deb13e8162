// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/matrix_units.hpp"

#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>

#if RDENOISE_HAS_MATRIX_KERNELS
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

namespace {

/// Linux keeps the tiles' 8 KiB from processes that have not asked for them.
bool is_permitted() noexcept {
#if defined(__linux__)
  constexpr long arch_req_xcomp_perm = 0x1023;
  constexpr long xfeature_xtiledata = 18;
  return syscall(SYS_arch_prctl, arch_req_xcomp_perm, xfeature_xtiledata) == 0;
#else
  return false;
#endif
}

/// As the processor reads them.
struct alignas(64) TilePalette {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};

RDENOISE_MATRIX_TARGET void load_palette(const TilePalette& palette) noexcept {
  // The intrinsic tells the compiler of the first 8 bytes only.
  asm volatile("" : : "r"(&palette) : "memory");
  _tile_loadconfig(&palette);
}

RDENOISE_MATRIX_TARGET void release_tiles() noexcept { _tile_release(); }

}  // namespace

bool has_matrix_units() noexcept {
  static const bool permitted = dnnl::get_effective_cpu_isa() == dnnl::cpu_isa::avx512_core_amx && is_permitted();
  return permitted;
}

ShapedTiles::ShapedTiles(const std::array<TileShape, 8>& shapes) noexcept {
  TilePalette palette;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    palette.row_bytes[i] = static_cast<std::uint16_t>(shapes[i].row_bytes);
    palette.rows[i] = static_cast<std::uint8_t>(shapes[i].rows);
  }
  load_palette(palette);
}

ShapedTiles::~ShapedTiles() { release_tiles(); }

#else

bool has_matrix_units() noexcept { return false; }

#endif

}  // namespace rdenoise::onednn

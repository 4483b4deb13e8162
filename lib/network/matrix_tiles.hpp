// SPDX-License-Identifier: LGPL-2.1-or-later
// Instructions on tiles, whose numbers may depend on a template: the compiler's own are macros that take literals.
#pragma once

#include <cstddef>

#include "network/matrix_units.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// What products of tiles are of, and add up to.
enum class Products {
  bf16,       ///< bf16 × bf16, in f32
  eight_bits  ///< u8 × s8, in std::int32_t
};

template <int tile>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void load_tile(const void* rows, std::ptrdiff_t step_bytes) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(rows), "r"(step_bytes), "i"(tile));
}

template <int tile>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void clear_tile() {
  asm volatile("tilezero %%tmm%c0" : : "i"(tile));
}

template <int tile>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void store_tile(void* rows, std::ptrdiff_t step_bytes) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(rows), "r"(step_bytes), "i"(tile) : "memory");
}

/// Tile `sums` += tile `pixels` × tile `weights`.
template <Products products, int sums, int pixels, int weights>
RDENOISE_MATRIX_TARGET [[gnu::always_inline]] inline void add_products() {
  if constexpr (products == Products::bf16)
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(sums), "i"(pixels), "i"(weights));
  else
    asm volatile("tdpbusd %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(sums), "i"(pixels), "i"(weights));
}

/// load_tile() does not tell the compiler which memory it reads.
inline void finish_stores() noexcept { asm volatile("" ::: "memory"); }

#endif

}  // namespace rdenoise::onednn

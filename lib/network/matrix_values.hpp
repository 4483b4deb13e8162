// SPDX-License-Identifier: LGPL-2.1-or-later
// What a convolution's sums on matrix units stand for.
#pragma once

#include "network/matrix_intrinsics.hpp"
#include "network/matrix_sums.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// Sums of one group of outputs, for pixels of one row.
struct RowSums {
  const float* sums = nullptr;    ///< [pixel][output]; of eight bits: std::int32_t
  const float* scales = nullptr;  ///< [output], of eight bits: value = sum · scale + bias
  const float* bias = nullptr;
  int first_output = 0;
  int x = 0;
  int y = 0;
  int n_px = 0;  ///< from x on

  /// The first ones; of whole pixels of one tile.
  void skip_pixels(int n) noexcept {
    sums += n * tile_rows;
    x += n;
    n_px -= n;
  }
};

/// The values of sums, 16 outputs at a time.
template <Products products, int n_tiles>
class SumValues;

/// Sums of bf16 products are values.
template <int n_tiles>
class SumValues<Products::bf16, n_tiles> {
 public:
  RDENOISE_MATRIX_TARGET explicit SumValues(const RowSums&) noexcept {}
  template <int tile>
  RDENOISE_MATRIX_TARGET [[nodiscard]] __m512 of(const float* sums) const noexcept {
    return _mm512_load_ps(sums);
  }
};

/// Whole numbers become floats, exactly up to 2^24, and are scaled with one rounding.
template <int n_tiles>
class SumValues<Products::eight_bits, n_tiles> {
 public:
  RDENOISE_MATRIX_TARGET explicit SumValues(const RowSums& row) noexcept {
    for (int tile = 0; tile < n_tiles; ++tile) {
      scales_[tile] = _mm512_load_ps(row.scales + tile * tile_rows);
      bias_[tile] = _mm512_load_ps(row.bias + tile * tile_rows);
    }
  }
  template <int tile>
  RDENOISE_MATRIX_TARGET [[nodiscard]] __m512 of(const float* sums) const noexcept {
    return _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(sums)), scales_[tile], bias_[tile]);
  }

 private:
  __m512 scales_[n_tiles];
  __m512 bias_[n_tiles];
};

[[nodiscard]] RDENOISE_MATRIX_TARGET inline __m512 least_of(bool relu) noexcept {
  return _mm512_set1_ps(relu ? 0.0f : -__builtin_inff());
}

#endif

}  // namespace rdenoise::onednn

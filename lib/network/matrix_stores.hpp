// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of a convolution's values: relu, a difference, rounding, a place in a picture. Done part by part,
// between the products of the next sums, as the vector units have nothing else to do then.
#pragma once

#include <algorithm>
#include <cstdint>

#include "network/matrix_byte_store.hpp"
#include "network/matrix_transpose.hpp"
#include "network/matrix_values.hpp"
#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// To whole pixels, of bf16 or f32.
/// n_tiles  of 16 outputs
template <Products products, int n_tiles, typename Element>
class PixelStore {
 public:
  PixelStore(const Activation& dst, bool relu, FusedSum) noexcept : dst_(dst), relu_(relu) {}

  /// n_parts  in which it will be done
  void begin(const RowSums& sums, int n_parts) noexcept {
    row_ = sums;
    to_ = static_cast<Element*>(dst_.data) + place_of_pixel(dst_, sums);
    part_ = (sums.n_px + n_parts - 1) / n_parts;
  }

  RDENOISE_MATRIX_TARGET void do_part() noexcept {
    if (row_.n_px <= 0) return;
    const __m512 least = least_of(relu_);
    const SumValues<products, n_tiles> values(row_);
    const int n = std::min(part_, row_.n_px);
    // By copies: for all the compiler knows, what is stored may be members.
    const float* sums = row_.sums;
    Element* to = to_;
    const std::ptrdiff_t step = dst_.layout.block;
    for (int i = 0; i < n; ++i, sums += n_tiles * tile_rows, to += step) store_pixel(values, sums, least, to);
    row_.sums = sums;
    row_.n_px -= n;
    to_ = to;
  }

  void finish() noexcept {
    while (row_.n_px > 0) do_part();
  }

 private:
  RDENOISE_MATRIX_TARGET [[gnu::always_inline]] static inline void store_pixel(
      const SumValues<products, n_tiles>& values, const float* sums, __m512 least, Element* to) noexcept {
    const __m512 low = _mm512_max_ps(values.template of<0>(sums), least);
    __m512 high = low;
    if constexpr (n_tiles == 2) high = _mm512_max_ps(values.template of<1>(sums + tile_rows), least);
    if constexpr (sizeof(Element) == sizeof(float)) {
      _mm512_storeu_ps(to, low);
      if constexpr (n_tiles == 2) _mm512_storeu_ps(to + tile_rows, high);
    } else if constexpr (n_tiles == 1) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(low)));
    } else {
      _mm512_storeu_si512(to, reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low)));
    }
  }

  const Activation& dst_;
  bool relu_;
  RowSums row_;
  Element* to_ = nullptr;
  int part_ = 0;
};

/// To planes of f32: of 16 outputs those that dst has.
class PlaneStore {
 public:
  PlaneStore(const Activation& dst, bool relu, FusedSum sum) noexcept : dst_(dst), relu_(relu), sum_(sum) {}

  void begin(const RowSums& sums, int n_parts) noexcept {
    row_ = sums;
    done_ = 0;
    part_ = (sums.n_px + n_parts * tile_rows - 1) / (n_parts * tile_rows) * tile_rows;
  }

  RDENOISE_MATRIX_TARGET void do_part() noexcept {
    for (const int end = std::min(done_ + part_, row_.n_px); done_ < end; done_ += tile_rows) store_16_pixels();
  }

  void finish() noexcept {
    while (done_ < row_.n_px) do_part();
  }

 private:
  static std::ptrdiff_t place_in_plane(const Activation& planar, int x, int y) noexcept {
    return static_cast<std::ptrdiff_t>(y) * planar.padded_width + x;
  }

  RDENOISE_MATRIX_TARGET void store_16_pixels() const noexcept {
    const __m512 least = least_of(relu_);
    const __m512 sign = _mm512_set1_ps(sum_.sign);
    __m512 outputs[16];
    for (int i = 0; i < 16; ++i) outputs[i] = _mm512_load_ps(row_.sums + (done_ + i) * tile_rows);
    transpose_16x16(outputs);
    const __mmask16 mask = first_lanes(row_.n_px - done_);
    float* to = static_cast<float*>(dst_.data) + place_in_plane(dst_, row_.x + done_, row_.y);
    const std::ptrdiff_t plane = place_in_plane(dst_, 0, dst_.padded_height);
    if (sum_.base == nullptr) {
      for (int channel = 0; channel < dst_.channels; ++channel, to += plane)
        _mm512_mask_storeu_ps(to, mask, _mm512_max_ps(outputs[channel], least));
      return;
    }
    const float* base = static_cast<const float*>(sum_.base->data) + place_in_plane(*sum_.base, row_.x + done_, row_.y);
    const std::ptrdiff_t base_plane = place_in_plane(*sum_.base, 0, sum_.base->padded_height);
    for (int channel = 0; channel < dst_.channels; ++channel, to += plane, base += base_plane)
      _mm512_mask_storeu_ps(
          to, mask, _mm512_fmadd_ps(sign, _mm512_max_ps(outputs[channel], least), _mm512_maskz_loadu_ps(mask, base)));
  }

  const Activation& dst_;
  bool relu_;
  FusedSum sum_;
  RowSums row_;
  int done_ = 0;
  int part_ = 0;
};

#endif

}  // namespace rdenoise::onednn

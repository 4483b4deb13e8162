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

/// Outputs of each of two pixels that share a row of sums.
constexpr int pair_outputs = tile_rows / 2;

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

/// To planes of f32: of the outputs those that dst has.
/// row_pixels  that share a row of sums: one with 16 outputs, or two with pair_outputs each. The first of two may lie
///             at column −1; its values are dropped.
template <int row_pixels>
class PlaneStore {
 public:
  PlaneStore(const Activation& dst, bool relu, FusedSum sum) noexcept : dst_(dst), relu_(relu), sum_(sum) {}

  /// n_parts  in which it will be done
  void begin(const RowSums& sums, int n_parts) noexcept {
    row_ = sums;
    done_ = 0;
    part_ = (sums.n_px + n_parts * pixels_at_once - 1) / (n_parts * pixels_at_once) * pixels_at_once;
  }

  RDENOISE_MATRIX_TARGET void do_part() noexcept {
    for (const int end = std::min(done_ + part_, row_.n_px); done_ < end; done_ += pixels_at_once) store_16_rows();
  }

  void finish() noexcept {
    while (done_ < row_.n_px) do_part();
  }

 private:
  static constexpr int pixels_at_once = row_pixels * tile_rows;

  static std::ptrdiff_t place_in_plane(const Activation& planar, int x, int y) noexcept {
    return static_cast<std::ptrdiff_t>(y) * planar.padded_width + x;
  }

  RDENOISE_MATRIX_TARGET void store_16_rows() const noexcept {
    __m512 columns[16];
    for (int i = 0; i < 16; ++i) columns[i] = _mm512_load_ps(row_.sums + (done_ / row_pixels + i) * tile_rows);
    transpose_16x16(columns);
    __mmask16 masks[row_pixels];
    for (int vector = 0; vector < row_pixels; ++vector) masks[vector] = lanes_in_picture(done_ + vector * tile_rows);
    const __m512 least = least_of(relu_);
    const __m512 sign = _mm512_set1_ps(sum_.sign);
    const int x = row_.x + done_;
    float* to = static_cast<float*>(dst_.data) + place_in_plane(dst_, x, row_.y);
    const std::ptrdiff_t plane = place_in_plane(dst_, 0, dst_.padded_height);
    const bool is_added = sum_.base != nullptr;
    const Activation& added = is_added ? *sum_.base : dst_;
    const float* base = static_cast<const float*>(added.data) + place_in_plane(added, x, row_.y);
    const std::ptrdiff_t base_plane = place_in_plane(added, 0, added.padded_height);
    const int channels = dst_.channels;
    for (int channel = 0; channel < channels; ++channel, to += plane, base += base_plane)
      for (int vector = 0; vector < row_pixels; ++vector) {
        const int first = vector * tile_rows;
        __m512 values = _mm512_max_ps(output_of(columns, channel, vector), least);
        if (is_added) values = _mm512_fmadd_ps(sign, values, _mm512_maskz_loadu_ps(masks[vector], base + first));
        _mm512_mask_storeu_ps(to + first, masks[vector], values);
      }
  }

  /// The `vector`-th 16 of the pixels that the columns hold.
  RDENOISE_MATRIX_TARGET [[gnu::always_inline, nodiscard]] static inline __m512 output_of(const __m512 (&columns)[16],
                                                                                          int channel,
                                                                                          int vector) noexcept {
    if constexpr (row_pixels == 1) return columns[channel];
    // The first pixels of rows and the second ones in turns.
    const __m512i in_turns = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    return _mm512_permutex2var_ps(columns[channel], _mm512_add_epi32(in_turns, _mm512_set1_epi32(8 * vector)),
                                  columns[pair_outputs + channel]);
  }

  [[nodiscard]] __mmask16 lanes_in_picture(int first) const noexcept {
    if constexpr (row_pixels == 1) return first_lanes(row_.n_px - first);
    const int before = std::clamp(-(row_.x + first), 0, tile_rows);
    const int end = std::max(row_.n_px - first, 0);
    return static_cast<__mmask16>(first_lanes(end) & ~first_lanes(before));
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

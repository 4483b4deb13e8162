// SPDX-License-Identifier: LGPL-2.1-or-later
// Values of a convolution on matrix units to whole pixels of eight bits.
#pragma once

#include <algorithm>
#include <cstdint>

#include "network/matrix_values.hpp"
#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// In elements.
[[nodiscard]] inline std::ptrdiff_t place_of_pixel(const Activation& dst, const RowSums& sums) noexcept {
  const std::ptrdiff_t pixel = static_cast<std::ptrdiff_t>(sums.y) * dst.padded_width + sums.x;
  return pixel * dst.layout.block + sums.first_output;
}

/// Values to the nearest whole number, of two the even one, and kept in 0 … 255, which takes in a relu; once for each
/// copy that dst keeps (EightBitResult tells how they differ). Values are numbers: already divided by dst's scales.
/// n_tiles  of 16 outputs
template <Products products, int n_tiles>
class ByteStore {
 public:
  ByteStore(const Activation& dst, bool, FusedSum) noexcept : dst_(dst) {}

  /// n_parts  in which it will be done
  void begin(const RowSums& sums, int n_parts) noexcept {
    row_ = sums;
    to_ = static_cast<std::uint8_t*>(dst_.data) + place_of_pixel(dst_, sums);
    part_ = (sums.n_px + n_parts * pixels_at_once - 1) / (n_parts * pixels_at_once) * pixels_at_once;
  }

  RDENOISE_MATRIX_TARGET void do_part() noexcept {
    if (row_.n_px <= 0) return;
    const SumValues<products, n_tiles> values(row_);
    const int n = std::min(part_, row_.n_px);
    const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(pixels_at_once) * dst_.layout.block;
    // By copies: for all the compiler knows, what is stored may be members.
    const float* sums = row_.sums;
    std::uint8_t* to = to_;
    const int block = dst_.layout.block;
    const bool has_copies = dst_.copies > 1;
    for (int i = 0; i < n; i += pixels_at_once, sums += vectors_at_once * tile_rows, to += step) {
      if (!has_copies) {
        store_pixels<Shift::none>(values, sums, n - i, block, to);
      } else {
        store_pixels<Shift::down>(values, sums, n - i, block, to);
        store_pixels<Shift::up>(values, sums, n - i, block, to + block / 2);
      }
    }
    row_.sums = sums;
    row_.n_px -= n;
    to_ = to;
  }

  void finish() noexcept {
    while (row_.n_px > 0) do_part();
  }

 private:
  static constexpr int vectors_at_once = 4;  ///< of 16 numbers, which make one of 64
  static constexpr int pixels_at_once = vectors_at_once / n_tiles;
  static constexpr int pixel_bytes = n_tiles * tile_rows;  ///< that are written here

  /// A quarter, before a copy is rounded.
  enum class Shift { none, down, up };

  template <Shift shift, int i>
  RDENOISE_MATRIX_TARGET [[nodiscard]] static __m512i numbers(const SumValues<products, n_tiles>& values,
                                                              const float* sums) noexcept {
    __m512 value = values.template of<i % n_tiles>(sums + i * tile_rows);
    if constexpr (shift != Shift::none)
      value = _mm512_add_ps(value, _mm512_set1_ps(shift == Shift::up ? 0.25f : -0.25f));
    // Beyond 2^31 the conversion would give a negative number.
    return _mm512_cvtps_epi32(_mm512_min_ps(value, _mm512_set1_ps(255.0f)));
  }

  /// n_px  at most so many
  template <Shift shift>
  RDENOISE_MATRIX_TARGET static void store_pixels(const SumValues<products, n_tiles>& values, const float* sums,
                                                  int n_px, int block, std::uint8_t* to) noexcept {
    const __m512i low = _mm512_packs_epi32(numbers<shift, 0>(values, sums), numbers<shift, 1>(values, sums));
    const __m512i high = _mm512_packs_epi32(numbers<shift, 2>(values, sums), numbers<shift, 3>(values, sums));
    // Lane L now has four bytes of each vector, those of its own lane L.
    const __m512i by_vector = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m512i bytes = _mm512_permutexvar_epi32(by_vector, _mm512_packus_epi16(low, high));
    if (n_px >= pixels_at_once && block == pixel_bytes)
      _mm512_storeu_si512(to, bytes);
    else
      store_apart(bytes, n_px, block, to);
  }

  RDENOISE_MATRIX_TARGET static void store_apart(__m512i bytes, int n_px, int step, std::uint8_t* to) noexcept {
    if constexpr (n_tiles == 2) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_castsi512_si256(bytes));
      if (n_px > 1) _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + step), _mm512_extracti64x4_epi64(bytes, 1));
    } else {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_castsi512_si128(bytes));
      if (n_px > 1) _mm_storeu_si128(reinterpret_cast<__m128i*>(to + step), _mm512_extracti32x4_epi32(bytes, 1));
      if (n_px > 2) _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 2 * step), _mm512_extracti32x4_epi32(bytes, 2));
      if (n_px > 3) _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 3 * step), _mm512_extracti32x4_epi32(bytes, 3));
    }
  }

  const Activation& dst_;
  RowSums row_;
  std::uint8_t* to_ = nullptr;
  int part_ = 0;
};

#endif

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// Values of pairs of pixels, computed in one row of a tile, to planes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "network/matrix_transpose.hpp"
#include "network/matrix_values.hpp"
#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

/// Outputs of each of two pixels that share a tile's columns.
constexpr int pair_outputs = tile_rows / 2;

#if RDENOISE_HAS_MATRIX_KERNELS

/// To planes of f32, of at most pair_outputs channels. Sums are [pair][pixel][pair_outputs]. The first pair may begin
/// at column −1, whose values are dropped.
class PairPlaneStore {
 public:
  PairPlaneStore(const Activation& dst, bool relu, FusedSum sum) noexcept : dst_(dst), relu_(relu), sum_(sum) {}

  /// n_parts  in which it will be done
  void begin(const RowSums& sums, int n_parts) noexcept {
    row_ = sums;
    done_ = 0;
    part_ = (sums.n_px + n_parts * pixels_at_once - 1) / (n_parts * pixels_at_once) * pixels_at_once;
  }

  RDENOISE_MATRIX_TARGET void do_part() noexcept {
    for (const int end = std::min(done_ + part_, row_.n_px); done_ < end; done_ += pixels_at_once) store_32_pixels();
  }

  void finish() noexcept {
    while (done_ < row_.n_px) do_part();
  }

 private:
  static constexpr int pixels_at_once = 2 * tile_rows;

  /// A plane of dst or of what is added, from the first of the pixels on.
  struct Plane {
    float* first;
    std::ptrdiff_t step;

    Plane(const Activation& planar, int x, int y) noexcept
        : first(static_cast<float*>(planar.data) + static_cast<std::ptrdiff_t>(y) * planar.padded_width + x),
          step(static_cast<std::ptrdiff_t>(planar.padded_height) * planar.padded_width) {}
  };

  RDENOISE_MATRIX_TARGET void store_32_pixels() const noexcept {
    __m512 columns[16];
    for (int i = 0; i < 16; ++i) columns[i] = _mm512_load_ps(row_.sums + (done_ / 2 + i) * tile_rows);
    transpose_16x16(columns);
    const int x = row_.x + done_;
    const Plane to(dst_, x, row_.y);
    const __mmask16 low = lanes_in_picture(0);
    const __mmask16 high = lanes_in_picture(tile_rows);
    const __m512i low_of_both = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i high_of_both = _mm512_add_epi32(low_of_both, _mm512_set1_epi32(8));
    for (int channel = 0; channel < dst_.channels; ++channel) {
      const __m512 even = columns[channel];
      const __m512 odd = columns[pair_outputs + channel];
      float* const place = to.first + channel * to.step;
      store(_mm512_permutex2var_ps(even, low_of_both, odd), low, channel, x, place);
      store(_mm512_permutex2var_ps(even, high_of_both, odd), high, channel, x + tile_rows, place + tile_rows);
    }
  }

  /// Of 16 pixels from the `first` of these 32 on.
  [[nodiscard]] __mmask16 lanes_in_picture(int first) const noexcept {
    const int before = std::clamp(-(row_.x + done_ + first), 0, tile_rows);
    const int end = std::max(row_.n_px - done_ - first, 0);
    return static_cast<__mmask16>(first_lanes(end) & ~first_lanes(before));
  }

  RDENOISE_MATRIX_TARGET void store(__m512 values, __mmask16 mask, int channel, int x, float* to) const noexcept {
    values = _mm512_max_ps(values, least_of(relu_));
    if (sum_.base != nullptr) {
      const Plane base(*sum_.base, x, row_.y);
      values = _mm512_fmadd_ps(_mm512_set1_ps(sum_.sign), values,
                               _mm512_maskz_loadu_ps(mask, base.first + channel * base.step));
    }
    _mm512_mask_storeu_ps(to, mask, values);
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

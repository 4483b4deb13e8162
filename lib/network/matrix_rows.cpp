// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/matrix_rows.hpp"

#if RDENOISE_HAS_MATRIX_KERNELS

#include <cstring>

#include "network/matrix_transpose.hpp"

namespace rdenoise::onednn {
namespace {

/// Two channels of 16 pixels, as one pair of bf16 for each pixel.
RDENOISE_MATRIX_TARGET inline __m512i pairs_of(__m512 first, __m512 second) noexcept {
  alignas(64) static constexpr std::uint16_t alternating[32] = {0,  16, 1,  17, 2,  18, 3,  19, 4,  20, 5,
                                                                21, 6,  22, 7,  23, 8,  24, 9,  25, 10, 26,
                                                                11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  const auto halves = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first));
  return _mm512_permutexvar_epi16(_mm512_load_si512(alternating), halves);
}

template <int lane>
RDENOISE_MATRIX_TARGET inline void store_lane(std::uint16_t* to, __m512i from) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_extracti32x4_epi32(from, lane));
}

/// The pixels of one lane, and their further channels, which wider pixels have. A pixel's surplus is zero, and lies
/// where the next pixel is written after it.
template <int lane, bool is_wide>
RDENOISE_MATRIX_TARGET inline void store_pixels_of_lane(std::uint16_t* to, int pixel_values, const FourColumns& first,
                                                        const FourColumns& further) noexcept {
  for (int i = 0; i < 4; ++i, to += pixel_values) {
    store_lane<lane>(to, first.of[i]);
    if constexpr (is_wide) store_lane<lane>(to + 8, further.of[i]);
  }
}

/// Planes to pixels of up to 8 channels, or 16.
template <bool is_wide>
RDENOISE_MATRIX_TARGET void interleave_row(const Activation& src, int y, int pixel_values, std::uint16_t* to) noexcept {
  constexpr int most_pairs = is_wide ? 8 : 4;
  const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(src.padded_height) * src.padded_width;
  const float* const from = static_cast<const float*>(src.data) + static_cast<std::ptrdiff_t>(y) * src.padded_width;
  for (int x = 0; x < src.width; x += tile_rows) {
    const __mmask16 mask = first_lanes(src.width - x);
    __m512i pairs[most_pairs];
    for (int pair = 0; pair < most_pairs; ++pair) {
      const int channel = 2 * pair;
      const float* const values = from + channel * plane + x;
      const __m512 first = channel < src.channels ? _mm512_maskz_loadu_ps(mask, values) : _mm512_setzero_ps();
      const __m512 second =
          channel + 1 < src.channels ? _mm512_maskz_loadu_ps(mask, values + plane) : _mm512_setzero_ps();
      pairs[pair] = pairs_of(first, second);
    }
    const FourColumns low = transposed(pairs);
    const FourColumns high = is_wide ? transposed(pairs + most_pairs - 4) : low;
    std::uint16_t* const pixels = to + static_cast<std::ptrdiff_t>(x) * pixel_values;
    store_pixels_of_lane<0, is_wide>(pixels, pixel_values, low, high);
    store_pixels_of_lane<1, is_wide>(pixels + 4 * pixel_values, pixel_values, low, high);
    store_pixels_of_lane<2, is_wide>(pixels + 8 * pixel_values, pixel_values, low, high);
    store_pixels_of_lane<3, is_wide>(pixels + 12 * pixel_values, pixel_values, low, high);
  }
}

}  // namespace

RowRing::RowRing(const Activation& src, int pixel_values, int width_px, std::uint16_t* memory) noexcept
    : src_(src), pixel_values_(pixel_values), row_values_(row_values(pixel_values, width_px)), memory_(memory) {
  std::memset(memory, 0, 4 * row_values_ * sizeof *memory);
  take(0);
}

void RowRing::take(int y) noexcept {
  std::uint16_t* const to = row(y) + pixel_values_;
  if (src_.layout.block == 1) {
    src_.channels > 8 ? interleave_row<true>(src_, y, pixel_values_, to)
                      : interleave_row<false>(src_, y, pixel_values_, to);
    return;
  }
  const auto* const from =
      static_cast<const std::uint16_t*>(src_.data) + static_cast<std::ptrdiff_t>(y) * src_.padded_width * pixel_values_;
  std::memcpy(to, from, static_cast<std::size_t>(src_.width) * pixel_values_ * sizeof *to);
}

TapRows RowRing::around(int y) noexcept {
  const std::uint16_t* const zeros = memory_ + 3 * row_values_;
  const bool has_next = y + 1 < src_.height;
  if (has_next) take(y + 1);
  return {{y > 0 ? row(y - 1) : zeros, row(y), has_next ? row(y + 1) : zeros}, pixel_values_};
}

}  // namespace rdenoise::onednn

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/matrix_rows.hpp"

#if RDENOISE_HAS_MATRIX_KERNELS

#include <cstdint>
#include <cstring>

#include "network/matrix_transpose.hpp"

namespace rdenoise::onednn {
namespace {

RDENOISE_MATRIX_TARGET inline __m512i rounded_to_bf16(__m512 values) noexcept {
  return _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(values)));
}

/// 16 pixels of a channel, each as a pair of bf16 whose sum it is: rounded, and what that has left.
RDENOISE_MATRIX_TARGET inline __m512i pairs_of(__m512 values) noexcept {
  const __m512i rounded = rounded_to_bf16(values);
  const __m512 rest = _mm512_sub_ps(values, _mm512_castsi512_ps(_mm512_slli_epi32(rounded, 16)));
  return _mm512_or_si512(_mm512_slli_epi32(rounded_to_bf16(rest), 16), rounded);
}

/// 16 pixels of a channel; zeros beyond the last channel.
/// from  the pixels' place in the first plane
RDENOISE_MATRIX_TARGET inline __m512 values_of(const Activation& src, int channel, const float* from,
                                               __mmask16 mask) noexcept {
  const std::ptrdiff_t plane = static_cast<std::ptrdiff_t>(src.padded_height) * src.padded_width;
  return channel < src.channels ? _mm512_maskz_loadu_ps(mask, from + channel * plane) : _mm512_setzero_ps();
}

template <int lane>
RDENOISE_MATRIX_TARGET inline void store_lane(std::byte* to, __m512i from) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_extracti32x4_epi32(from, lane));
}

/// Four pixels of one lane, four channels from each of `quads`. A pixel's surplus is zero, and lies where the next
/// pixel is written after it.
template <int lane, int n_quads>
RDENOISE_MATRIX_TARGET inline void store_pixels_of_lane(std::byte* to, int pixel_bytes,
                                                        const FourColumns (&quads)[n_quads]) noexcept {
  for (int i = 0; i < 4; ++i, to += pixel_bytes)
    for (int quad = 0; quad < n_quads; ++quad) store_lane<lane>(to + 16 * quad, quads[quad].of[i]);
}

/// Planes to pixels of up to 4 · n_quads pairs of bf16.
template <int n_quads>
RDENOISE_MATRIX_TARGET void interleave_row(const Activation& src, int y, RowPixel pixel, std::byte* to) noexcept {
  const float* const from = static_cast<const float*>(src.data) + static_cast<std::ptrdiff_t>(y) * src.padded_width;
  for (int x = 0; x < src.width; x += tile_rows) {
    const __mmask16 mask = first_lanes(src.width - x);
    FourColumns quads[n_quads];
    for (int quad = 0; quad < n_quads; ++quad) {
      __m512i pairs[4];
      for (int i = 0; i < 4; ++i) {
        const int index = 4 * quad + i;
        const int others = 2 * index - pixel.split_channels;  // channels before, if it is not of a split one
        pairs[i] =
            index < pixel.split_channels
                ? pairs_of(values_of(src, index, from + x, mask))
                : _mm512_or_si512(_mm512_slli_epi32(rounded_to_bf16(values_of(src, others + 1, from + x, mask)), 16),
                                  rounded_to_bf16(values_of(src, others, from + x, mask)));
      }
      quads[quad] = transposed(pairs);
    }
    std::byte* const pixels = to + static_cast<std::ptrdiff_t>(x) * pixel.bytes;
    store_pixels_of_lane<0>(pixels, pixel.bytes, quads);
    store_pixels_of_lane<1>(pixels + 4 * pixel.bytes, pixel.bytes, quads);
    store_pixels_of_lane<2>(pixels + 8 * pixel.bytes, pixel.bytes, quads);
    store_pixels_of_lane<3>(pixels + 12 * pixel.bytes, pixel.bytes, quads);
  }
}

RDENOISE_MATRIX_TARGET void split_into_pairs(const float* from, std::size_t count, std::byte* to) noexcept {
  for (std::size_t i = 0; i < count; i += tile_rows)
    _mm512_storeu_si512(to + 4 * i, pairs_of(_mm512_loadu_ps(from + i)));
}

using InterleaveRow = void (*)(const Activation& src, int y, RowPixel pixel, std::byte* to) noexcept;
constexpr InterleaveRow interleave_by_quads[] = {interleave_row<1>, interleave_row<2>, interleave_row<3>,
                                                 interleave_row<4>};

/// Whole numbers, which bf16 holds exactly.
/// count  a multiple of 16
RDENOISE_MATRIX_TARGET void widen(const std::uint8_t* from, std::size_t count, std::byte* to) noexcept {
  for (std::size_t i = 0; i < count; i += 16) {
    const __m512i numbers = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 2 * i),
                        reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(_mm512_cvtepi32_ps(numbers))));
  }
}

}  // namespace

RowRing::RowRing(const Activation& src, RowPixel pixel, int lead_px, int width_px, std::byte* memory) noexcept
    : src_(src), pixel_(pixel), lead_px_(lead_px), row_bytes_(row_bytes(pixel.bytes, width_px)), memory_(memory) {
  std::memset(memory, 0, 4 * row_bytes_);
  take(0);
}

void RowRing::take(int y) noexcept {
  std::byte* const to = row(y) + lead_px_ * pixel_.bytes;
  if (src_.layout.block == 1) {
    interleave_by_quads[(pixel_.bytes - 1) / 16](src_, y, pixel_, to);
    return;
  }
  const int src_pixel_bytes = src_.layout.block * bytes_of(src_.layout.element);
  const auto width = static_cast<std::size_t>(src_.width);
  const auto* const from =
      static_cast<const std::byte*>(src_.data) + static_cast<std::ptrdiff_t>(y) * src_.padded_width * src_pixel_bytes;
  if (src_.layout.element == ElementType::f32)
    split_into_pairs(reinterpret_cast<const float*>(from), width * static_cast<std::size_t>(src_.layout.block), to);
  else if (src_pixel_bytes == pixel_.bytes)
    std::memcpy(to, from, width * static_cast<std::size_t>(pixel_.bytes));
  else
    widen(reinterpret_cast<const std::uint8_t*>(from), width * static_cast<std::size_t>(src_pixel_bytes), to);
}

TapRows RowRing::around(int y) noexcept {
  const std::byte* const zeros = memory_ + 3 * row_bytes_;
  const bool has_next = y + 1 < src_.height;
  if (has_next) take(y + 1);
  return {{y > 0 ? row(y - 1) : zeros, row(y), has_next ? row(y + 1) : zeros}};
}

}  // namespace rdenoise::onednn

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of vectors to columns.
#pragma once

#include "network/matrix_intrinsics.hpp"
#include "network/matrix_units.hpp"

namespace rdenoise::onednn {

RDENOISE_MATRIX_TARGET inline __mmask16 first_lanes(int n) noexcept {
  return static_cast<__mmask16>(n >= tile_rows ? 0xffffu : (1u << n) - 1u);
}

/// Four pairs of 16 pixels; column 4·lane + i of the rows goes to lane `lane` of result i.
struct FourColumns {
  __m512i of[4];
};

RDENOISE_MATRIX_TARGET inline FourColumns transposed(const __m512i rows[4]) noexcept {
  const __m512i low01 = _mm512_unpacklo_epi32(rows[0], rows[1]);
  const __m512i high01 = _mm512_unpackhi_epi32(rows[0], rows[1]);
  const __m512i low23 = _mm512_unpacklo_epi32(rows[2], rows[3]);
  const __m512i high23 = _mm512_unpackhi_epi32(rows[2], rows[3]);
  return {{_mm512_unpacklo_epi64(low01, low23), _mm512_unpackhi_epi64(low01, low23),
           _mm512_unpacklo_epi64(high01, high23), _mm512_unpackhi_epi64(high01, high23)}};
}

/// Rows to columns.
RDENOISE_MATRIX_TARGET inline void transpose_16x16(__m512 (&rows)[16]) noexcept {
  __m512i quads[4][4];
  for (int group = 0; group < 4; ++group) {
    __m512i four[4];
    for (int i = 0; i < 4; ++i) four[i] = _mm512_castps_si512(rows[4 * group + i]);
    const FourColumns columns = transposed(four);
    for (int i = 0; i < 4; ++i) quads[group][i] = columns.of[i];
  }
  // Lane L of quads[g][i] has column 4L + i of rows 4g … 4g + 3.
  for (int i = 0; i < 4; ++i) {
    const __m512i even01 = _mm512_shuffle_i32x4(quads[0][i], quads[1][i], 0x88);
    const __m512i odd01 = _mm512_shuffle_i32x4(quads[0][i], quads[1][i], 0xdd);
    const __m512i even23 = _mm512_shuffle_i32x4(quads[2][i], quads[3][i], 0x88);
    const __m512i odd23 = _mm512_shuffle_i32x4(quads[2][i], quads[3][i], 0xdd);
    rows[i] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(even01, even23, 0x88));
    rows[i + 8] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(even01, even23, 0xdd));
    rows[i + 4] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(odd01, odd23, 0x88));
    rows[i + 12] = _mm512_castsi512_ps(_mm512_shuffle_i32x4(odd01, odd23, 0xdd));
  }
}

}  // namespace rdenoise::onednn

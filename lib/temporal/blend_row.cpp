// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/blend_row.hpp"

#include "base/vector_clones.hpp"

namespace rdenoise {

RDENOISE_WIDE_VECTOR_CLONES void subtract_row(const std::uint16_t* __restrict now,
                                              const std::uint16_t* __restrict before, int samples,
                                              std::int16_t* __restrict differences) {
  for (int i = 0; i < samples; ++i) differences[i] = static_cast<std::int16_t>(now[i] - before[i]);
}

RDENOISE_WIDE_VECTOR_CLONES void blend_row(const std::uint16_t* __restrict before,
                                           const std::int16_t* __restrict differences,
                                           const std::int16_t* __restrict weights, int samples,
                                           std::uint16_t* __restrict averaged) {
  for (int i = 0; i < samples; ++i) {
    // This form of rounding is a single instruction where there are vector units.
    const auto change = static_cast<std::int16_t>(((differences[i] * weights[i] >> 14) + 1) >> 1);
    averaged[i] = static_cast<std::uint16_t>(before[i] + change);
  }
}

RDENOISE_WIDE_VECTOR_CLONES void repeat_each(const std::int16_t* __restrict values, int count,
                                             std::int16_t* __restrict repeated) {
  for (int i = 0; i < count; ++i) {
    repeated[2 * i] = values[i];
    repeated[2 * i + 1] = values[i];
  }
}

}  // namespace rdenoise

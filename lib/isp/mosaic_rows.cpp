// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/mosaic_rows.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void scale(float* samples, int count, float gain, float limit) {
  for (int i = 0; i < count; ++i) {
    const float scaled = samples[i] * gain;
    samples[i] = scaled < limit ? scaled : limit;
  }
}

}  // namespace

MosaicRows::MosaicRows(const ConstFrameView& mosaic, const SampleScaling& scaling)
    : mosaic_(mosaic),
      scaling_(scaling),
      even_count_((mosaic.width_px + 1) / 2),
      // Two halves, each with a mirrored sample on both sides.
      stride_(2 * (static_cast<std::size_t>(even_count_) + 2)),
      samples_(slot_count * stride_) {
  loaded_row_.fill(-1);
}

std::array<SplitRow, 5> MosaicRows::around(int y_px) {
  std::array<SplitRow, 5> rows;
  for (int dy = -2; dy <= 2; ++dy) rows[dy + 2] = row(mirrored_index(y_px + dy, mosaic_.height_px));
  return rows;
}

SplitRow MosaicRows::row(int y_px) {
  // Five rows in a line never share a slot, and mirrored rows lie among those five.
  const int index = y_px % slot_count;
  float* even = slot(index) + 1;
  float* odd = even + even_count_ + 2;
  if (loaded_row_[index] != y_px) {
    load(y_px, even, odd);
    loaded_row_[index] = y_px;
  }
  return {even, odd};
}

void MosaicRows::load(int y_px, float* even, float* odd) const {
  const int width_px = mosaic_.width_px;
  const std::array<float*, 2> halves{even, odd};
  for (int parity = 0; parity < 2; ++parity) {
    const int count = (width_px + 1 - parity) / 2;
    if (count == 0) continue;
    read_row(mosaic_.channels[2 * (y_px % 2) + parity], y_px / 2, 0,
             std::span(halves[parity], static_cast<std::size_t>(count)));
    const float gain = scaling_.gains[cfa_color_at(mosaic_.cfa, parity, y_px)];
    if (scaling_.clip_to_white) {
      scale(halves[parity], count, gain, 1.F);
    } else if (gain != 1.F) {
      scale(halves[parity], count, gain, std::numeric_limits<float>::infinity());
    }
  }
  const auto sample = [&](int x) -> float& { return halves[x & 1][x >> 1]; };
  for (const int x : {-2, -1, width_px, width_px + 1}) sample(x) = sample(mirrored_index(x, width_px));
}

}  // namespace rdenoise

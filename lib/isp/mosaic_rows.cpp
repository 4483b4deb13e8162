// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/mosaic_rows.hpp"

#include <limits>
#include <span>

#include "base/vector_clones.hpp"
#include "isp/root_domain.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void scale(float* samples, int count, float gain, float limit) {
  for (int i = 0; i < count; ++i) {
    const float scaled = samples[i] * gain;
    samples[i] = scaled < limit ? scaled : limit;
  }
}

}  // namespace

MosaicRows::MosaicRows(const ConstFrameView& mosaic, const SampleScaling& scaling, int slot_count, int margin)
    : mosaic_(mosaic),
      scaling_(scaling),
      even_count_((mosaic.width_px + 1) / 2),
      margin_(margin),
      stride_(2 * (static_cast<std::size_t>(even_count_) + 2 * static_cast<std::size_t>(margin))),
      loaded_row_(static_cast<std::size_t>(slot_count), -1),
      samples_(loaded_row_.size() * stride_) {}

std::array<SplitRow, 5> MosaicRows::around(int y_px) {
  std::array<SplitRow, 5> rows;
  for (int dy = -2; dy <= 2; ++dy) rows[dy + 2] = row(y_px + dy);
  return rows;
}

SplitRow MosaicRows::row(int y_px) {
  // Rows in a line never share a slot, and mirrored rows lie among those in a line.
  const int y = mirrored_index(y_px, mosaic_.height_px);
  const std::size_t slot = static_cast<std::size_t>(y) % loaded_row_.size();
  float* even = samples_.data() + slot * stride_ + margin_;
  float* odd = even + even_count_ + 2 * margin_;
  if (loaded_row_[slot] != y) {
    load(y, even, odd);
    loaded_row_[slot] = y;
  }
  return {{even, odd}};
}

void MosaicRows::load(int y_px, float* even, float* odd) const {
  const int width_px = mosaic_.width_px;
  const std::array<float*, 2> halves{even, odd};
  for (int parity = 0; parity < 2; ++parity) {
    const std::span half(halves[parity], static_cast<std::size_t>((width_px + 1 - parity) / 2));
    if (half.empty()) continue;
    read_row(mosaic_.channels[2 * (y_px % 2) + parity], y_px / 2, 0, half);
    const float gain = scaling_.gains[cfa_color_at(mosaic_.cfa, parity, y_px)];
    const float limit = scaling_.clip_to_white ? 1.F : std::numeric_limits<float>::infinity();
    if (scaling_.clip_to_white || gain != 1.F) scale(half.data(), static_cast<int>(half.size()), gain, limit);
    if (scaling_.square_root) encode_root(half);
  }
  const auto sample = [&](int x) -> float& { return halves[x & 1][x >> 1]; };
  for (int x = -2 * margin_; x < 0; ++x) sample(x) = sample(mirrored_index(x, width_px));
  for (int x = width_px; x < 2 * (even_count_ + margin_); ++x) sample(x) = sample(mirrored_index(x, width_px));
}

}  // namespace rdenoise

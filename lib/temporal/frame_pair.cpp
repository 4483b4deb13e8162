// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/frame_pair.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

// Room below black and above white for noise; a step is 1/128 of an 8-bit one.
constexpr SampleFormat stored_sample{SampleType::u16, 16, 0};
constexpr Levels stored_levels{16384.F, 49152.F};

}  // namespace

ChannelCells cells_of(const ConstFrameView& frame, int channel) noexcept {
  if (frame.color_model == ColorModel::bayer) return {1, 1};
  const ConstChannelView& view = frame.channels[static_cast<std::size_t>(channel)];
  return {view.width_px == frame.width_px ? 2 : 1, view.height_px == frame.height_px ? 2 : 1};
}

int rows_of(const ConstChannelView& channel, const ChannelCells& cells, int y_cell) noexcept {
  return std::clamp(channel.height_px - y_cell * cells.down, 0, cells.down);
}

void Average::resize(const ConstFrameView& like) {
  frame = {like.color_model, like.width_px, like.height_px, like.cfa, like.channel_count, {}};
  std::size_t count = 0;
  for (int c = 0; c < like.channel_count; ++c)
    count += static_cast<std::size_t>(like.channels[c].width_px) * like.channels[c].height_px;
  samples.resize(count);
  std::byte* data = std::as_writable_bytes(std::span(samples)).data();
  for (int c = 0; c < like.channel_count; ++c) {
    const int width_px = like.channels[c].width_px;
    const int height_px = like.channels[c].height_px;
    const std::ptrdiff_t row_bytes = width_px * std::ptrdiff_t{sizeof(std::uint16_t)};
    frame.channels[c] = {data, width_px, height_px, row_bytes, sizeof(std::uint16_t), stored_sample, stored_levels};
    data += row_bytes * height_px;
  }
  noise.width_cells = NoiseShare::cells_along(like.width_px);
  noise.height_cells = NoiseShare::cells_along(like.height_px);
  noise.sigma_share.resize(static_cast<std::size_t>(noise.width_cells) * noise.height_cells);
}

}  // namespace rdenoise

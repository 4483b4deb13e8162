// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/frame_pair.hpp"

#include <algorithm>

#include "temporal/stored_samples.hpp"

namespace rdenoise {
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
  for (int c = 0; c < like.channel_count; ++c) {
    first_sample[c] = count;
    count += static_cast<std::size_t>(like.channels[c].width_px) * like.channels[c].height_px;
  }
  samples.resize(count);
  for (int c = 0; c < like.channel_count; ++c) {
    const ConstChannelView& channel = like.channels[c];
    const StoredSamples stored(channel);
    frame.channels[c] = {std::as_writable_bytes(std::span(samples).subspan(first_sample[c])).data(),
                         channel.width_px,
                         channel.height_px,
                         channel.width_px * std::ptrdiff_t{sizeof(std::uint16_t)},
                         sizeof(std::uint16_t),
                         stored.sample,
                         stored.levels};
  }
  noise.width_cells = NoiseShare::cells_along(like.width_px);
  noise.height_cells = NoiseShare::cells_along(like.height_px);
  noise.sigma_share.resize(static_cast<std::size_t>(noise.width_cells) * noise.height_cells);
}

}  // namespace rdenoise

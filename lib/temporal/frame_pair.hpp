// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame beside the last average, cut into cells of 2×2 pixels.
#pragma once

#include <array>
#include <cstdint>
#include <rdenoise/image.hpp>
#include <rdenoise/noise_share.hpp>
#include <vector>

#include "temporal/change_evidence.hpp"

namespace rdenoise {

/// How many samples of a channel a cell has.
struct ChannelCells {
  int across = 2;
  int down = 2;
};

[[nodiscard]] ChannelCells cells_of(const ConstFrameView& frame, int channel) noexcept;

/// Rows of samples that a channel has in a row of cells: fewer at the bottom of an odd height.
[[nodiscard]] int rows_of(const ConstChannelView& channel, const ChannelCells& cells, int y_cell) noexcept;

/// A result: its samples, and what noise they have left.
struct Average {
  std::vector<std::uint16_t> samples;
  std::array<std::size_t, max_channels> first_sample{};  ///< of a channel
  FrameView frame;
  NoiseShare noise;

  void resize(const ConstFrameView& like);
  [[nodiscard]] std::uint16_t* row(int channel, int y_px) noexcept {
    return samples.data() + first_sample[channel] + static_cast<std::size_t>(y_px) * frame.channels[channel].width_px;
  }
  [[nodiscard]] float* shares(int y_cell) noexcept {
    return noise.sigma_share.data() + static_cast<std::size_t>(y_cell) * noise.width_cells;
  }
};

struct FramePair {
  const ConstFrameView& now;
  Average& before;
  Average& after;
  std::array<ChannelCells, max_channels> cells;         ///< by channel
  const std::array<NoiseByLevel, max_channels>& noise;  ///< by channel
  int samples_per_cell = 0;                             ///< of all channels
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/frame_rows.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <vector>

namespace rdenoise {

void check_same_layout(const ConstFrameView& src, const FrameView& dst, const std::string& doing) {
  const auto describe = [](ColorModel model, int width_px, int height_px, int channels) {
    return std::string(to_string(model)) + " " + std::to_string(width_px) + "×" + std::to_string(height_px) + " of " +
           std::to_string(channels) + " channels";
  };
  bool same = src.color_model == dst.color_model && src.channel_count == dst.channel_count &&
              src.width_px == dst.width_px && src.height_px == dst.height_px;
  for (int c = 0; same && c < src.channel_count; ++c) {
    same =
        src.channels[c].width_px == dst.channels[c].width_px && src.channels[c].height_px == dst.channels[c].height_px;
  }
  if (src.color_model == ColorModel::bayer) same = same && src.cfa == dst.cfa;
  if (!same) {
    throw Error(ErrorCode::invalid_argument,
                doing + ": expected a destination laid out as the source, " +
                    describe(src.color_model, src.width_px, src.height_px, src.channel_count) + ", found " +
                    describe(dst.color_model, dst.width_px, dst.height_px, dst.channel_count));
  }
}

void change_rows(const ConstFrameView& src, const FrameView& dst, int n_threads,
                 const std::function<void(std::span<float> row, int channel, int y_px)>& change) {
  // Below this many pixels a thread costs more than it brings.
  constexpr int least_band_px = 1 << 16;
  for (int c = 0; c < src.channel_count; ++c) {
    const ConstChannelView& from = src.channels[c];
    if (from.width_px < 1) continue;
    parallel_bands(from.height_px, least_band_px / from.width_px + 1, n_threads, [&](int begin, int end) {
      std::vector<float> row(static_cast<std::size_t>(from.width_px));
      for (int y = begin; y < end; ++y) {
        read_row(from, y, 0, row);
        change(row, c, y);
        write_row(dst.channels[c], y, 0, row);
      }
    });
  }
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame in memory as video has it, for benchmarks.
#pragma once

#include <rdenoise/noise.hpp>
#include <string_view>
#include <vector>

#include "support/formula_pictures.hpp"

namespace rdenoise::bench {

/// A formula picture with noise of σ = 10.
class FrameMemory {
 public:
  FrameMemory(std::string_view format_name, int width_px, int height_px)
      : format_(*find_pixel_format(format_name)), planes_(format_.plane_count) {
    constexpr int most_pixel_bytes = 8;
    const Image clean = test::formula_gray(width_px, height_px);
    std::vector<PlaneMemory> memory;
    for (auto& plane : planes_) {
      plane.resize(static_cast<std::size_t>(width_px) * height_px * most_pixel_bytes);
      memory.push_back({plane.data(), static_cast<std::ptrdiff_t>(width_px) * most_pixel_bytes});
    }
    view_ = make_frame_view(format_, width_px, height_px, memory, default_levels(format_, /*limited_range=*/false));
    std::vector<float> row;
    for (int c = 0; c < view_.channel_count; ++c) {
      const ChannelView& channel = view_.channels[c];
      row.resize(static_cast<std::size_t>(channel.width_px));
      for (int y = 0; y < channel.height_px; ++y) {
        const std::uint64_t first = static_cast<std::uint64_t>(y) * width_px;
        add_noise(clean.plane(0).subspan(first, row.size()), row, NoiseModel::gaussian(10),
                  {1, static_cast<std::uint32_t>(c)}, first);
        write_row(channel, y, 0, row);
      }
    }
  }
  [[nodiscard]] const FrameView& view() const { return view_; }

 private:
  const PixelFormat& format_;
  std::vector<std::vector<std::byte>> planes_;
  FrameView view_;
};

}  // namespace rdenoise::bench

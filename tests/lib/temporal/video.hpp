// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of a formula video.
#pragma once

#include <cmath>
#include <cstddef>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>
#include <string_view>
#include <vector>

namespace rdenoise::test {

/// A frame of any format in memory of its own.
class VideoFrame {
 public:
  VideoFrame(std::string_view format, int width_px, int height_px, bool limited_range = false)
      : format_(*find_pixel_format(format)), width_px_(width_px), height_px_(height_px), limited_range_(limited_range) {
    const int sample_bytes = sample_size_bytes(format_.sample.type);
    std::array<std::size_t, 4> offsets{};
    std::size_t size = 0;
    for (int plane = 0; plane < format_.plane_count; ++plane) {
      int across = width_px;
      int down = height_px;
      int pixel_bytes = sample_bytes;
      for (int c = 0; c < format_.channel_count; ++c) {
        const ChannelLayout& channel = format_.channels[c];
        if (channel.plane != plane) continue;
        across = (width_px + (1 << channel.log2_subsampling_x) - 1) >> channel.log2_subsampling_x;
        down = (height_px + (1 << channel.log2_subsampling_y) - 1) >> channel.log2_subsampling_y;
        pixel_bytes = channel.pixel_stride_bytes;
      }
      offsets[plane] = size;
      planes_[plane].stride_bytes = static_cast<std::ptrdiff_t>(across) * pixel_bytes;
      size += static_cast<std::size_t>(planes_[plane].stride_bytes) * down;
    }
    memory_.resize(size);
    for (int plane = 0; plane < format_.plane_count; ++plane) planes_[plane].data = memory_.data() + offsets[plane];
  }
  VideoFrame(const VideoFrame&) = delete;
  VideoFrame& operator=(const VideoFrame&) = delete;

  [[nodiscard]] FrameView view() {
    return make_frame_view(format_, width_px_, height_px_, std::span(planes_).first(format_.plane_count),
                           default_levels(format_, limited_range_));
  }

  /// Fills every channel with signal(x, y, channel) and noise; x and y from 0 to 1.
  template <typename Signal>
  void draw(const Signal& signal, const NoiseProfile& noise, unsigned seed) {
    const FrameView frame = view();
    for (int c = 0; c < frame.channel_count; ++c) {
      const ChannelView& channel = frame.channels[c];
      std::vector<float> row(static_cast<std::size_t>(channel.width_px));
      for (int y = 0; y < channel.height_px; ++y) {
        for (int x = 0; x < channel.width_px; ++x)
          row[x] = static_cast<float>(signal((x + 0.5) / channel.width_px, (y + 0.5) / channel.height_px, c));
        add_noise(row, row, channel_noise(noise, frame.color_model, frame.cfa, c),
                  {seed, static_cast<std::uint32_t>(c)}, static_cast<std::uint64_t>(y) * channel.width_px);
        write_row(channel, y, 0, row);
      }
    }
  }

 private:
  const PixelFormat& format_;
  int width_px_;
  int height_px_;
  bool limited_range_;
  std::vector<std::byte> memory_;
  std::array<PlaneMemory, 4> planes_{};
};

/// Waves that stand still, and a bright disc at (x, y).
inline double disc_on_waves(double x, double y, int channel, double disc_x, double disc_y) {
  const bool is_disc = std::hypot(x - disc_x, y - disc_y) < 0.15;
  return is_disc ? 0.85 - 0.2 * channel : 0.35 + 0.05 * channel + 0.1 * std::sin(17.0 * x + 5.0 * y + channel);
}

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/copy_frame.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace rdenoise {
namespace {

void copy_bits(const ConstChannelView& src, const ChannelView& dst) {
  const int size_bytes = sample_size_bytes(src.sample.type);
  const bool dense = src.pixel_stride_bytes == size_bytes && dst.pixel_stride_bytes == size_bytes;
  for (int y = 0; y < src.height_px; ++y) {
    const std::byte* from = src.data + y * src.row_stride_bytes;
    std::byte* to = dst.data + y * dst.row_stride_bytes;
    if (dense) {
      std::memcpy(to, from, static_cast<std::size_t>(src.width_px) * size_bytes);
      continue;
    }
    for (int x = 0; x < src.width_px; ++x) {
      std::memcpy(to, from, size_bytes);
      from += src.pixel_stride_bytes;
      to += dst.pixel_stride_bytes;
    }
  }
}

void convert(const ConstChannelView& src, const ChannelView& dst) {
  std::array<float, 1024> buffer;
  for (int y = 0; y < src.height_px; ++y)
    for (int x = 0; x < src.width_px; x += static_cast<int>(buffer.size())) {
      const std::size_t count = std::min(buffer.size(), static_cast<std::size_t>(src.width_px - x));
      const std::span<float> pixels(buffer.data(), count);
      read_row(src, y, x, pixels);
      write_row(dst, y, x, pixels);
    }
}

}  // namespace

void copy_frame(const ConstFrameView& src, const FrameView& dst) {
  for (int c = 0; c < src.channel_count; ++c) {
    const ConstChannelView& from = src.channels[c];
    const ChannelView& to = dst.channels[c];
    // Levels of f32 samples mean nothing.
    const bool alike = from.sample == to.sample && (from.levels == to.levels || from.sample.type == SampleType::f32);
    alike ? copy_bits(from, to) : convert(from, to);
  }
}

}  // namespace rdenoise

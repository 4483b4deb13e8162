// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <rdenoise/image.hpp>
#include <string>

#include "image/mosaic_sites.hpp"

namespace rdenoise {
namespace {

[[noreturn]] void fail(const PixelFormat& format, const std::string& expected_and_found) {
  throw Error(ErrorCode::invalid_argument, "viewing a " + std::string(format.name) + " frame: " + expected_and_found);
}

template <typename Byte>
BasicFrameView<Byte> view_of(const PixelFormat& format, int width_px, int height_px,
                             std::span<const BasicPlaneMemory<Byte>> planes, const FrameLevels& levels) {
  if (width_px < 1 || height_px < 1) {
    fail(format, "expected at least 1x1 pixels, found " + std::to_string(width_px) + "x" + std::to_string(height_px));
  }
  if (planes.size() != static_cast<std::size_t>(format.plane_count)) {
    fail(format, "expected " + std::to_string(format.plane_count) + " planes, found " + std::to_string(planes.size()));
  }
  BasicFrameView<Byte> view{format.color_model, width_px, height_px, format.cfa, format.channel_count, {}};
  for (int c = 0; c < format.channel_count; ++c) {
    const ChannelLayout& layout = format.channels[c];
    const BasicPlaneMemory<Byte>& plane = planes[layout.plane];
    // Chroma covers the last column and row of odd sizes too.
    const int channel_width_px = (width_px + (1 << layout.log2_subsampling_x) - 1) >> layout.log2_subsampling_x;
    const int channel_height_px = (height_px + (1 << layout.log2_subsampling_y) - 1) >> layout.log2_subsampling_y;
    const std::ptrdiff_t row_bytes = static_cast<std::ptrdiff_t>(channel_width_px) * layout.pixel_stride_bytes;
    if (plane.data == nullptr)
      fail(format, "expected memory for plane " + std::to_string(layout.plane) + ", found none");
    if (std::abs(plane.stride_bytes) < row_bytes) {
      fail(format, "expected a stride of at least " + std::to_string(row_bytes) + " bytes in plane " +
                       std::to_string(layout.plane) + ", found " + std::to_string(plane.stride_bytes));
    }
    view.channels[c] = {plane.data + layout.offset_bytes, channel_width_px, channel_height_px, plane.stride_bytes,
                        layout.pixel_stride_bytes,        format.sample,    levels.channels[c]};
  }
  if (format.color_model == ColorModel::bayer) {
    const BasicChannelView<Byte> mosaic = view.channels[0];
    view.channel_count = 4;
    for (int site = 0; site < 4; ++site) {
      view.channels[site] = mosaic_site(mosaic, site);
      view.channels[site].levels = levels.channels[site];
    }
  }
  return view;
}

}  // namespace

FrameView make_frame_view(const PixelFormat& format, int width_px, int height_px, std::span<const PlaneMemory> planes,
                          const FrameLevels& levels) {
  return view_of(format, width_px, height_px, planes, levels);
}

ConstFrameView make_frame_view(const PixelFormat& format, int width_px, int height_px,
                               std::span<const ConstPlaneMemory> planes, const FrameLevels& levels) {
  return view_of(format, width_px, height_px, planes, levels);
}

}  // namespace rdenoise

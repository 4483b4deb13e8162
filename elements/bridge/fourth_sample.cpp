// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/fourth_sample.hpp"

#include <cstddef>
#include <cstring>

namespace rdenoise::gst {

void copy_fourth_sample(const FrameFormat& format, const MappedFrame& src, const MappedFrame& dst) {
  const PixelFormat& pixel = *format.pixel;
  const int pixel_bytes = pixel.channels[0].pixel_stride_bytes;
  if (pixel.color_model != ColorModel::rgb || pixel_bytes < 4 * sample_size_bytes(pixel.sample.type)) return;
  for (int y = 0; y < format.height_px; ++y) {
    std::memcpy(dst.first_plane().data + y * dst.first_plane().stride_bytes,
                src.first_plane().data + y * src.first_plane().stride_bytes,
                static_cast<std::size_t>(format.width_px) * pixel_bytes);
  }
}

}  // namespace rdenoise::gst

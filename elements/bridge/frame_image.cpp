// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/frame_image.hpp"

#include <cstddef>

namespace rdenoise::gst {

Image read_image(const ConstFrameView& frame) {
  Image image(frame.color_model, frame.width_px, frame.height_px);
  const auto width = static_cast<std::size_t>(frame.width_px);
  for (int c = 0; c < frame.channel_count; ++c) {
    for (int y = 0; y < frame.height_px; ++y) {
      read_row(frame.channels[c], y, 0, image.plane(c).subspan(y * width, width));
    }
  }
  return image;
}

void write_image(const Image& image, const FrameView& frame) {
  const auto width = static_cast<std::size_t>(frame.width_px);
  for (int c = 0; c < frame.channel_count; ++c) {
    for (int y = 0; y < frame.height_px; ++y) {
      write_row(frame.channels[c], y, 0, image.plane(c).subspan(y * width, width));
    }
  }
}

}  // namespace rdenoise::gst

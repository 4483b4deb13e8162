// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/chroma_sampling.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

bool halved(const ConstChannelView& chroma, int width_px, int height_px) noexcept {
  return chroma.width_px == (width_px + 1) / 2 && chroma.height_px == (height_px + 1) / 2;
}

}  // namespace

bool is_420(const ConstFrameView& frame) noexcept {
  return frame.color_model == ColorModel::yuv && frame.channel_count == 3 &&
         halved(frame.channels[1], frame.width_px, frame.height_px) &&
         halved(frame.channels[2], frame.width_px, frame.height_px);
}

bool is_420(const PixelFormat& format) noexcept {
  return format.color_model == ColorModel::yuv && format.channel_count == 3 &&
         std::all_of(format.channels.begin() + 1, format.channels.end(), [](const ChannelLayout& chroma) {
           return chroma.log2_subsampling_x == 1 && chroma.log2_subsampling_y == 1;
         });
}

}  // namespace rdenoise

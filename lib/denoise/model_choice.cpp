// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/denoise.hpp>

namespace rdenoise {
namespace {

bool halved(const ConstChannelView& chroma, int width_px, int height_px) noexcept {
  return chroma.width_px == (width_px + 1) / 2 && chroma.height_px == (height_px + 1) / 2;
}

}  // namespace

std::string_view default_model_name(ColorModel model) noexcept {
  switch (model) {
    case ColorModel::gray:
    case ColorModel::yuv:
      return "ffdnet-gray";
    case ColorModel::rgb:
      return "ffdnet-color";
    case ColorModel::bayer:
      return "ffdnet-bayer";
  }
  return "ffdnet-gray";
}

bool accepts(const NetworkSpec& model, const ConstFrameView& frame) noexcept {
  switch (model.params.input) {
    case InputDomain::gray:
      return true;
    case InputDomain::rgb:
      return frame.color_model == ColorModel::rgb;
    case InputDomain::bayer:
      return frame.color_model == ColorModel::bayer;
    case InputDomain::yuv420:
      return frame.color_model == ColorModel::yuv && frame.channel_count == 3 &&
             halved(frame.channels[1], frame.width_px, frame.height_px) &&
             halved(frame.channels[2], frame.width_px, frame.height_px);
  }
  return false;
}

}  // namespace rdenoise

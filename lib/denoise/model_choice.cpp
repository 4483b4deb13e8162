// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/denoise.hpp>

#include "denoise/chroma_sampling.hpp"

namespace rdenoise {
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
      return is_420(frame);
  }
  return false;
}

}  // namespace rdenoise

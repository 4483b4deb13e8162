// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <string>

namespace rdenoise {

Image mosaic_from_rgb(const Image& rgb, CfaPattern cfa) {
  if (rgb.color_model() != ColorModel::rgb) {
    throw Error(ErrorCode::invalid_argument,
                "taking a mosaic: expected an rgb picture, found " + std::string(to_string(rgb.color_model())));
  }
  Image mosaic(ColorModel::bayer, rgb.width_px(), rgb.height_px(), cfa);
  for (int y = 0; y < rgb.height_px(); ++y) {
    for (int x = 0; x < rgb.width_px(); ++x) mosaic.at(0, x, y) = rgb.at(cfa_color_at(cfa, x, y), x, y);
  }
  return mosaic;
}

}  // namespace rdenoise

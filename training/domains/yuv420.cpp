// SPDX-License-Identifier: LGPL-2.1-or-later
// The six planes of 4:2:0 video, as the denoiser hands them to a network: Y00 Y01 Y10 Y11 U V. They stand one below the
// other in a gray picture, so that a patch of n cells comes from 2·n pixels of colour.
#include <algorithm>
#include <rdenoise/yuv420.hpp>

#include "domains/domain.hpp"

namespace rdenoise::training {
namespace {

Image to_planes(Image picture, const CameraParameters& /*camera*/) {
  const Yuv420Picture yuv = yuv420_from_rgb(picture);
  const Image& chroma = yuv.planes[1];
  Image planes(ColorModel::gray, chroma.width_px(), image_channels_of(InputDomain::yuv420) * chroma.height_px());
  std::ranges::copy(yuv420_planes(yuv), planes.samples().begin());
  return planes;
}

}  // namespace

const Domain yuv420_domain{InputDomain::yuv420, ColorModel::rgb, false, to_planes};

}  // namespace rdenoise::training

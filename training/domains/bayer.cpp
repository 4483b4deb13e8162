// SPDX-License-Identifier: LGPL-2.1-or-later
// The mosaic that a camera may have seen: linear, without white balance. Its phase is RGGB whatever the camera's, as
// the denoiser brings every mosaic into that phase.
#include "domains/domain.hpp"

namespace rdenoise::training {
namespace {

Image to_mosaic(Image picture, const CameraParameters& camera) {
  to_camera_rgb(picture.plane(0), picture.plane(1), picture.plane(2), camera);
  return mosaic_from_rgb(picture, CfaPattern::rggb);
}

}  // namespace

const Domain bayer_domain{InputDomain::bayer, ColorModel::rgb, true, to_mosaic};

}  // namespace rdenoise::training

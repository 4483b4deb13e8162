// SPDX-License-Identifier: LGPL-2.1-or-later
#include "developed.hpp"

#include <rdenoise/isp.hpp>
#include <utility>

#include "upright.hpp"

namespace rdn {

rdenoise::Picture developed(const rdenoise::RawFrame& frame, const rdenoise::ConstFrameView& mosaic,
                            const std::string& demosaic, int n_threads) {
  rdenoise::Image rgb(rdenoise::ColorModel::rgb, frame.width_px, frame.height_px);
  rdenoise::develop(mosaic, rgb.view(),
                    {.gains = frame.metadata.as_shot_gains,
                     .camera_to_srgb = frame.metadata.camera_to_srgb,
                     .demosaic = rdenoise::find_demosaic_method(demosaic).value(),
                     .n_threads = n_threads});
  rdenoise::Picture picture;
  picture.image = upright(std::move(rgb), frame.metadata.orientation);
  picture.source_bit_depth = 16;
  picture.exif = rdenoise::exif_of_developed(frame.metadata, picture.image.width_px(), picture.image.height_px());
  return picture;
}

}  // namespace rdn

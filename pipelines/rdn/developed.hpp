// SPDX-License-Identifier: LGPL-2.1-or-later
// A mosaic as the picture that rdn writes of it.
#pragma once

#include <rdenoise/picture_file.hpp>
#include <rdenoise/raw.hpp>
#include <string>

namespace rdn {

/// Developed with the camera's white balance and colour matrix, turned upright, with the photo's EXIF.
///
/// frame   whose metadata count
/// mosaic  of the frame's size and phase
[[nodiscard]] rdenoise::Picture developed(const rdenoise::RawFrame& frame, const rdenoise::ConstFrameView& mosaic,
                                          const std::string& demosaic, int n_threads);

}  // namespace rdn

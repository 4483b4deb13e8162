// SPDX-License-Identifier: LGPL-2.1-or-later
// Linear camera RGB: a RAW photo demosaiced and no more.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <string>

namespace rdn {

/// Interpolated as development does it, after white balance and between roots, and both taken back.
///
/// mosaic   linear, black 0, white 1
/// gains    white balance: factors for R, G, B
/// returns  rgb before white balance, not clipped
[[nodiscard]] rdenoise::Image camera_rgb_of_mosaic(rdenoise::Image mosaic, const std::array<float, 3>& gains,
                                                   const std::string& demosaic, int n_threads);

/// Takes tone curve and white balance back from the picture of a DevelopedRaw in the camera's colours.
[[nodiscard]] rdenoise::Image camera_rgb_of_picture(const rdenoise::Image& picture, const std::array<float, 3>& gains);

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
// What a denoiser took out of a picture, judged without a reference.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// Of the residual noisy − denoised, over all channels. Sensor noise is white: residuals that are not hold picture.
/// (Noise of developed pictures is colored by demosaicing and JPEG, so there only compare like with like.)
struct ResidualWhiteness {
  double sigma = 0.0;              ///< root of the mean square about the channels' means, in normalised signal
  double autocorrelation_x = 0.0;  ///< −1 … 1, between neighbours in a row of the same channel (a mosaic's own site)
  double autocorrelation_y = 0.0;   ///< the same in a column
  double autocorrelation_xy = 0.0;  ///< the same on the diagonals
  /// 0 … 1: how much more of the variance outlives the mean over 3×3 pixels than of white noise (1/9); 0 for white
  /// noise, 1 for a residual that is smooth
  double structure_share = 0.0;
  bool operator==(const ResidualWhiteness&) const = default;
};

/// All 0 if the frames are the same, or have channels below 3×3 pixels.
/// throws  Error{invalid_argument} if they differ in size, channels or colour model
[[nodiscard]] ResidualWhiteness residual_whiteness(const ConstFrameView& noisy, const ConstFrameView& denoised);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// One training patch before it becomes part of a batch.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise::training {

/// All of the same size. The planes of yuv420 stand one below the other in a gray picture: six times the patch's
/// height.
struct Sample {
  Image clean;          ///< gray, rgb, a mosaic or the planes of yuv420
  Image noisy;          ///< as clean
  Image sigma;          ///< as clean: the true σ of each of its samples, or what comes nearest to it
  Image told_variance;  ///< gray: what the network is told, the mean over the channels of each pixel; of yuv420 the
                        ///< mean over luma's four, then U, V below it: three times the patch's height
};

/// For what is no noise of a model (JPEG, interpolation, real pairs): σ is the root mean square of noisy − clean over
/// the patch, everywhere the same.
[[nodiscard]] Sample with_measured_sigma(Image clean, Image noisy);

}  // namespace rdenoise::training

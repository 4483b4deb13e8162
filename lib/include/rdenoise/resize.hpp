// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures in another size.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

enum class ResizeFilter {
  area,    ///< mean of the signal over the area that the new pixel covers
  bicubic  ///< Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981, a = −0.5; widened
           ///< for reductions, so that nothing is aliased
};

/// Resamples rows, then columns; pixel centres lie at halves, and the picture goes on mirrored beyond its edges. A flat
/// picture stays flat. Bicubic may overshoot; nothing is clipped.
///
/// src       gray or rgb
/// returns   same colour model, width_px × height_px
/// n_threads 0: all cores
/// throws    Error{invalid_argument} for a mosaic (its colours would mix), an empty picture or a size below 1
[[nodiscard]] Image resize(const Image& src, int width_px, int height_px, ResizeFilter filter, int n_threads = 0);

}  // namespace rdenoise

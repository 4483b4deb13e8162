// SPDX-License-Identifier: LGPL-2.1-or-later
// The small developed picture in a DNG, made anew because the camera's shows the noise.
#pragma once

#include <rdenoise/raw.hpp>

#include "image/jpeg_encoder.hpp"

namespace rdenoise {

struct DngPreview {
  int width_px = 0;
  int height_px = 0;
  JpegBytes jpeg;  ///< 4:2:0, sRGB; not turned upright: the DNG's orientation counts for it too
};

/// Each pixel of the preview is developed from the mean of a whole number of 2×2 cells.
///
/// most_px  longest side at most
[[nodiscard]] DngPreview make_preview(const RawFrame& frame, int most_px, int n_threads, const std::string& name);

/// rgb  linear camera RGB
[[nodiscard]] DngPreview make_preview(const Image& rgb, const RawMetadata& metadata, int most_px, int n_threads,
                                      const std::string& name);

}  // namespace rdenoise

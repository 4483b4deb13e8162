// SPDX-License-Identifier: LGPL-2.1-or-later
// The directory of a DNG's pixels: their layout, levels, crop and noise.
#pragma once

#include <rdenoise/raw.hpp>

#include "raw/dng_writer.hpp"
#include "raw/tiff_directory.hpp"

namespace rdenoise {

/// Of a linear DNG. Black is 0: darktable 4.2 and RawTherapee 5.9 subtract no other level from three samples.
inline constexpr int linear_white_dn = 65535;

/// Without compression and what depends on it.
[[nodiscard]] TiffDirectory mosaic_directory(const RawFrame& frame, const ActiveArea& active);
[[nodiscard]] TiffDirectory linear_directory(int width_px, int height_px, const RawMetadata& metadata);

}  // namespace rdenoise

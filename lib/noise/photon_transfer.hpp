// SPDX-License-Identifier: LGPL-2.1-or-later
// From frames to points of the photon-transfer curve.
#pragma once

#include <limits>
#include <rdenoise/noise_calibration.hpp>

namespace rdenoise {

/// Signal at which samples are cut off; patches that reach it are clipped.
struct PatchBounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// Bayer: the darkest number that can be stored (noise goes below black), and white. Else black and white, unless the
/// channel has samples beyond: then it is not cut off there.
[[nodiscard]] PatchBounds patch_bounds(const ConstChannelView& channel, ColorModel color_model);

/// Adds the patches of a channel of two exposures.
void measure_pair(const ConstChannelView& first, const ConstChannelView& second, const PatchBounds& bounds,
                  int patch_size_px, PhotonTransferCurve& curve);

/// Adds the patches of a channel of one exposure.
void measure_single(const ConstChannelView& channel, const PatchBounds& bounds, int patch_size_px,
                    PhotonTransferCurve& curve);

}  // namespace rdenoise

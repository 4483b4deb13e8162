// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "quality/plane.hpp"

namespace rdenoise {

/// Bits that an observer gets from each place of a pair of band-pass pictures: Wang, Li, "Information content weighting
/// for perceptual image quality assessment", IEEE TIP 2011. Neighbourhoods of 3×3 samples, and the sample of
/// the next coarser band above them (the parent), are a Gaussian scale mixture; test = g·reference + v; the observer
/// adds noise of variance 0.4 in 8-bit steps.
///
/// parent   the next coarser band of the reference, nullptr without
/// returns  one weight for each window of SSIM that lies inside, so [height − 10, width − 10]; 0 and more
[[nodiscard]] std::vector<double> information_weights(const DoublePlaneView& reference, const DoublePlaneView& test,
                                                      const DoublePlaneView* parent);

/// A band enlarged to the size of the next finer one, of width_px×height_px, as the authors' code does it: bilinear to
/// 4n − 3 samples each way (n the old size), one more on each side in a straight line, and of these every second one.
[[nodiscard]] DoublePlane enlarged_parent(const DoublePlaneView& parent, int width_px, int height_px);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The scales of MS-SSIM and IW-SSIM.
#pragma once

#include <array>
#include <cmath>

#include "quality/ssim_means.hpp"

namespace rdenoise {

/// Section 3.2 of Wang, Simoncelli, Bovik, Asilomar 2003; finest scale first.
inline constexpr std::array<double, 5> ssim_scale_weights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
/// One window at the coarsest scale.
inline constexpr int ssim_scales_min_side_px = ssim_window_px << (ssim_scale_weights.size() - 1);

/// A scale's part of the product. Pictures that contradict each other have a negative mean, which has no such power:
/// they count as unlike. NaN stays NaN.
[[nodiscard]] inline double ssim_scale_factor(double mean, double exponent) noexcept {
  return mean < 0.0 ? 0.0 : std::pow(mean, exponent);
}

}  // namespace rdenoise

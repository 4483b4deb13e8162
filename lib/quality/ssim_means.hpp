// SPDX-License-Identifier: LGPL-2.1-or-later
// The local statistics behind SSIM and MS-SSIM.
#pragma once

#include <array>
#include <span>

#include "quality/plane.hpp"

namespace rdenoise {

inline constexpr int ssim_window_px = 11;
inline constexpr double ssim_window_sigma_px = 1.5;
/// (K1·L)² and (K2·L)² for a dynamic range L of 1.
inline constexpr double ssim_c1 = 0.01 * 0.01;
inline constexpr double ssim_c2 = 0.03 * 0.03;

/// The window is the product of this with itself; its sum is 1.
[[nodiscard]] std::array<double, ssim_window_px> ssim_window() noexcept;

/// Means over all windows that lie inside the picture; plain or weighted.
struct SsimMeans {
  double ssim;                ///< luminance × contrast × structure
  double contrast_structure;  ///< without luminance
};

/// Both planes have the same size, at least 11×11.
///
/// weights  of the windows, [height − 10, width − 10], 0 and more; if empty, or all are 0, all windows count the same
[[nodiscard]] SsimMeans ssim_means(const PlaneView& reference, const PlaneView& test,
                                   std::span<const double> weights = {});
[[nodiscard]] SsimMeans ssim_means(const DoublePlaneView& reference, const DoublePlaneView& test,
                                   std::span<const double> weights);

}  // namespace rdenoise

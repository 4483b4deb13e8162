// SPDX-License-Identifier: LGPL-2.1-or-later
// Picture quality against a reference.
#pragma once

#include <optional>
#include <rdenoise/image.hpp>

namespace rdenoise {

/// 10·log10(1 / mean squared error) over all samples, peak 1; +∞ for equal pictures.
/// All functions here: throws Error{invalid_argument} if sizes or channels differ.
[[nodiscard]] double psnr_db(const Image& reference, const Image& test);

/// Mean absolute and mean squared error.
[[nodiscard]] double l1(const Image& reference, const Image& test);
[[nodiscard]] double l2(const Image& reference, const Image& test);

/// Wang et al., "Image quality assessment: from error visibility to structural similarity", IEEE TIP 2004: 11×11
/// Gaussian window of σ 1.5, K1 0.01, K2 0.03, valid windows only; rgb is the mean of the three channels. Needs at
/// least 11×11 pixels, else nullopt.
[[nodiscard]] std::optional<double> ssim(const Image& reference, const Image& test);

/// Wang, Simoncelli, Bovik, "Multi-scale structural similarity", Asilomar 2003; 5 scales, so at least 176×176 pixels,
/// else nullopt. Measured on luma.
[[nodiscard]] std::optional<double> ms_ssim(const Image& reference, const Image& test);

/// Xue et al., "Gradient magnitude similarity deviation", IEEE TIP 2014; 0 is best. Measured on luma, 2× reduced as
/// there.
[[nodiscard]] std::optional<double> gmsd(const Image& reference, const Image& test);

}  // namespace rdenoise

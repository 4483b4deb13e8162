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
/// Gaussian window of σ 1.5, K1 0.01, K2 0.03, valid windows only; rgb is the mean of the three channels. Measured at
/// the picture's own size, as the tables of the denoising papers are, not reduced to a short side of 256 pixels as the
/// authors later advised for pictures seen from afar. Needs at least 11×11 pixels, else nullopt.
[[nodiscard]] std::optional<double> ssim(const Image& reference, const Image& test);

/// Wang, Simoncelli, Bovik, "Multi-scale structural similarity", Asilomar 2003; 5 scales, so at least 176×176 pixels,
/// else nullopt. Measured on luma.
[[nodiscard]] std::optional<double> ms_ssim(const Image& reference, const Image& test);

/// Wang, Li, "Information content weighting for perceptual image quality assessment", IEEE TIP 2011: MS-SSIM on a
/// Laplacian pyramid, each window weighted with the information that it holds, as in the authors' code (5 scales, 3×3
/// neighbours with parent, observer noise of 0.4). Measured on luma; at least 176×176 pixels, else nullopt. It
/// does matter which picture is the reference.
[[nodiscard]] std::optional<double> iw_ssim(const Image& reference, const Image& test);

/// Xue et al., "Gradient magnitude similarity deviation", IEEE TIP 2014; 0 is best. Measured on luma, 2× reduced as
/// there.
[[nodiscard]] std::optional<double> gmsd(const Image& reference, const Image& test);

struct FeatureSimilarity {
  double fsim = 0.0;   ///< of luma
  double fsimc = 0.0;  ///< with the chroma I and Q of YIQ; of gray and mosaics the same as fsim
};

/// Zhang et al., "FSIM: a feature similarity index for image quality assessment", IEEE TIP 2011: phase congruency (4
/// scales, 4 orientations) and Scharr gradients, T1 0.85, T2 160, T3 and T4 200, λ 0.03, the picture reduced by
/// round(short side / 256) as there. 1 is best. Needs at least 12×12 pixels, else nullopt.
[[nodiscard]] std::optional<FeatureSimilarity> feature_similarity(const Image& reference, const Image& test);

}  // namespace rdenoise

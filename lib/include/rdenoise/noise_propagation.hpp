// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of noise of a known level in the camera's pipeline: through demosaicing, colour matrix and tone curve.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// Second moments of demosaiced noise. At a site of the 2×2 cell, the covariance matrix of R, G and B is the sum over
/// the colours of the mosaic of (variance of that colour's sites) · covariance_gain[site][colour].
struct DemosaicNoise {
  using Covariance = std::array<double, 9>;                    ///< 3×3 over R G B, row-major
  std::array<std::array<Covariance, 3>, 4> covariance_gain{};  ///< sites as seen from a red one: R G / G B

  /// The covariance matrix at a site, given the variances of the mosaic's R, G and B sites.
  [[nodiscard]] Covariance covariance(int site, const std::array<double, 3>& site_variance) const noexcept;
};

/// Found once for each method, by probing demosaic(): linear methods by unit impulses (exact up to rounding), adaptive
/// ones by weak noise on a flat field (statistical error of about 1 %, and true for flat parts of a picture alone).
[[nodiscard]] const DemosaicNoise& demosaic_noise(DemosaicMethod method);

/// Which values a developed picture can hold.
enum class DevelopedSamples {
  clipped,   ///< 0 … 1: integer samples
  unclipped  ///< float samples: noise below black is still there
};

/// The noise of the picture that develop() makes from a mosaic, for neutral colours: gains and the clip to white
/// (moments of a clipped Gaussian), demosaicing (mean over the 2×2 cell), colour matrix (quadratic form of the full
/// covariance), tone curve (moments of the curve over the noise's own width, so that black and white count as they
/// are). Every channel has a level function; the level is the clean encoded signal.
///
/// The noise is correlated from pixel to pixel, which a profile cannot say. The fade of blown highlights and the
/// skewness of few photons are left out: measured errors of σ are in the test of this name.
///
/// mosaic_noise  of the mosaic before development: {R, G, B}
/// returns       rgb, the mosaic profile's confidence
/// throws        Error{invalid_argument} for a profile that has not three channels, gains that are not positive, or a
///               colour matrix without inverse
[[nodiscard]] NoiseProfile developed_noise(const NoiseProfile& mosaic_noise, const DevelopOptions& options,
                                           DevelopedSamples samples = DevelopedSamples::clipped);

/// The same for each pixel of a picture, whose colours need not be neutral: σ of R, G and B.
///
/// developed  rgb, as develop() made it; clean, or noisy where that must do
/// returns    rgb, same size: σ in encoded signal, root of the mean variance over the 2×2 cell
/// throws     as above, and for a picture that is not rgb
[[nodiscard]] Image developed_noise_map(const Image& developed, const NoiseProfile& mosaic_noise,
                                        const DevelopOptions& options,
                                        DevelopedSamples samples = DevelopedSamples::clipped);

/// The noise of a signal that is decoded by one curve and encoded by another: level functions in the new signal, from
/// the moments of the combined curve over the noise's width. Every channel is taken as one that the curve acts on
/// (gray, rgb). Equal curves give the profile back unchanged.
[[nodiscard]] NoiseProfile through_curve(const NoiseProfile& noise, ToneCurve from, ToneCurve to);

/// The noise of an rgb signal that is multiplied by a matrix (row-major), for neutral colours and noise that is
/// independent from channel to channel: variance = Σ weight²·variance. A row whose sum is not above 0 makes a color
/// difference, which has no level: it gets the mean over all levels.
/// throws  Error{invalid_argument} for a profile that has not three channels
[[nodiscard]] NoiseProfile through_matrix(const NoiseProfile& noise, const std::array<double, 9>& matrix);

/// A model whose level function is `function`, with the line that comes nearest to it (least squares over the levels,
/// a ≥ 0 and b ≥ 0).
[[nodiscard]] NoiseModel model_of_level_function(const NoiseLevelFunction& function) noexcept;

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// What becomes of noise of a known level in the camera's pipeline: through demosaicing, colour matrix and tone curve.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise {

/// Which values a developed picture can hold.
enum class DevelopedSamples {
  clipped,   ///< 0 … 1: integer samples
  unclipped  ///< float samples: noise below black is still there
};

/// The noise of the picture that develop() makes from a mosaic, for neutral colours. Every channel has a level
/// function; the level is the clean encoded signal, the variance that over the pixels of a flat region.
///
/// It is measured, not derived: for each level a small flat patch gets the noise and is developed with the options. So
/// it holds for every demosaicing method and domain, with the clip to white, the fade of highlights and the
/// skewness of few photons. Statistical error of σ: about 1 %. The draws are always the same, so equal arguments give
/// equal figures. Costs about as much as developing 0.6 megapixels.
///
/// The noise is correlated from pixel to pixel, which a profile cannot say.
///
/// mosaic_noise  of the mosaic before development: {R, G, B}
/// returns       rgb, the mosaic profile's confidence
/// throws        Error{invalid_argument} for a profile that has not three channels, gains that are not positive, or a
///               colour matrix without inverse
[[nodiscard]] NoiseProfile developed_noise(const NoiseProfile& mosaic_noise, const DevelopOptions& options,
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

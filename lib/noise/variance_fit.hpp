// SPDX-License-Identifier: LGPL-2.1-or-later
// From patches to variance(x) = a·x + b.
#pragma once

#include <limits>
#include <rdenoise/noise.hpp>
#include <span>

#include "noise/patch_energy.hpp"

namespace rdenoise {

/// Signal at which the data saturate: near it the noise is cut off and tells too little.
struct ClipBounds {
  float low = -std::numeric_limits<float>::infinity();
  float high = std::numeric_limits<float>::infinity();
};

/// What is known before looking at a channel.
struct FitPriors {
  /// Where to start, or nullptr; it also speaks with the weight of 60 patches, so that it fills levels at which this
  /// colour shows nothing flat.
  const NoiseModel* other_colors = nullptr;
  /// Measured variance at signal 0, or nullptr.
  const double* black_variance = nullptr;
  bool is_sensor = false;  ///< linear data of a sensor, whose read noise goes with its shot noise
};

struct VarianceFit {
  NoiseModel model;
  double confidence = 0.0;  ///< see fit_variance
};

/// Robust fit of the noise model to the least textured patches. Patches are chosen by their low-frequency energy in
/// units of the fitted noise, the line is fitted to their high-frequency energy with the weights of its chi-square
/// spread, and both steps are repeated until they agree. The choice of weakly textured patches under an iterated
/// threshold follows Liu, Tanaka, Okutomi, "Single-image noise level estimation for blind denoising", IEEE TIP 2013;
/// the split of the DCT into a choosing and a measuring half follows Ponomarenko et al., "An automatic approach to
/// lossy compression of AVIRIS images", IGARSS 2007; the heteroskedastic line is that of Foi et al., IEEE TIP 2008.
///
/// confidence = count · texture · fit, each 0 … 1:
///   count    n/(n + 100) for n accepted patches
///   texture  threshold for pure noise over the threshold that had to be used (1 if there are enough flat patches)
///   fit      1/(1 + (d/0.2)²) for d the mean relative distance between the line and the level means
/// Patches without any variation (letterbox bars, drawn surfaces) are left out; if there is nothing else, the model is
/// zero and so is the confidence.
///
/// Where nothing is flat, the texture that even the flattest patches have is taken off by its own spectrum: see
/// TextureLine.
[[nodiscard]] VarianceFit fit_variance(std::span<const PatchEnergy> patches, const ClipBounds& bounds,
                                       EstimateMethod method, const FitPriors& priors = {});

}  // namespace rdenoise

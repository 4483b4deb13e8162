// SPDX-License-Identifier: LGPL-2.1-or-later
// From patches to the level function of a picture: variance against signal, where it is no line.
#pragma once

#include <array>
#include <rdenoise/noise.hpp>
#include <span>
#include <vector>

#include "noise/noise_spectrum.hpp"
#include "noise/patch_spectrum.hpp"

namespace rdenoise {

struct LevelFunctionFit {
  NoiseModel model;  ///< with its level function
  NoiseSpectrum spectrum = white_spectrum();
  double confidence = 0.0;  ///< see fit_level_functions
};

/// Fits the level function of each channel to the flattest patches.
///
/// A patch is flat if its energy, band by band in units of the noise, is no more than the noise's own. The noise's
/// spectrum and its variance at each level are measured on the flat patches, and all is repeated until it agrees; it
/// starts from the patches with the lowest energy of each level. Flatness is told by one half of the coefficients and
/// variance by the other, so that choosing does not bias. The idea of iterated choice is that of Liu, Tanaka, Okutomi,
/// IEEE TIP 2013; the level function as what a processed picture has is that of Liu, Freeman, Szeliski, Kang, "Noise
/// estimation from a single image", CVPR 2006.
///
/// sample      channels of one size; a patch counts as flat if it is so in all of them together
/// confidence  share of the picture's patches at whose level something flat was found · n/(n + 20) for n flat patches
///             without overlap; the least of the channels' is the picture's. 0 if there is nothing but constant patches,
///             and the level function is zero then.
[[nodiscard]] std::vector<LevelFunctionFit> fit_level_functions(const SpectrumSample& sample);

}  // namespace rdenoise

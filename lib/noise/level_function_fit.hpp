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
/// Flat is a patch with little energy, band by band in units of the noise's spectrum. Of each level, the flattest
/// twelfth is measured: the spectrum over all levels, and the variance of each. This is repeated with the new spectrum;
/// it starts from the patches with the lowest energy of all. Flatness is told by one half of the coefficients and
/// variance by the other, so that choosing does not bias. Levels whose flattest patches differ from one another more
/// than noise does are textured and trusted less. The iterated choice of flat patches is an idea of Liu, Tanaka,
/// Okutomi, IEEE TIP 2013; the level function as the lower envelope of variance that processed pictures have is that of
/// Liu, Freeman, Szeliski, Kang, "Noise estimation from a single image", CVPR 2006. Here the spectrum is measured too:
/// of developed photographs the highest frequencies have a fiftieth of the mean energy.
///
/// sample      channels of one size; a patch counts as flat if it is so in all of them together
/// confidence  trust in the levels, averaged over the picture's patches, · n/(n + 20) for n flat patches without
///             overlap. 0 if there is nothing but constant patches, and the level function is zero then
[[nodiscard]] std::vector<LevelFunctionFit> fit_level_functions(const SpectrumSample& sample);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// How the energy of a noise spreads over spatial frequency: demosaicing, scaling and compression leave more of it in
// low frequencies, sharpening in high ones.
#pragma once

#include "noise/patch_spectrum.hpp"

namespace rdenoise {

/// Mean energy of a coefficient of each band, over the variance of a pixel: 1 everywhere for white noise. Its mean over
/// all coefficients is 1.
using NoiseSpectrum = std::array<double, band_count>;

/// Bands from here on are measured; below them even flat places have shading.
inline constexpr int first_measured_band = 2;

[[nodiscard]] NoiseSpectrum white_spectrum() noexcept;

/// The spectrum of measured bands, in any unit: the bands below are continued by the ratio of the two above them, from
/// 1 to 1.6, and all is brought to mean 1. White if nothing is measured, or if the upper bands are as good as white:
/// the excess of the lower ones is texture then.
[[nodiscard]] NoiseSpectrum completed_spectrum(const NoiseSpectrum& measured) noexcept;

/// Whether a completed spectrum is surely that of correlated noise: neither of white noise nor of a repeated pattern.
[[nodiscard]] bool is_colored(const NoiseSpectrum& completed) noexcept;

}  // namespace rdenoise

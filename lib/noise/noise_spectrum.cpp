// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/noise_spectrum.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise {
namespace {

int coefficient_count(int band) {
  const BandCounts& counts = coefficients_in_bands();
  return counts[0][band] + counts[1][band];
}

}  // namespace

NoiseSpectrum white_spectrum() noexcept {
  NoiseSpectrum spectrum;
  spectrum.fill(1.0);
  return spectrum;
}

NoiseSpectrum completed_spectrum(const NoiseSpectrum& measured) noexcept {
  // The steepest that developed photographs have; texture is steeper.
  constexpr double greatest_ratio = 1.6;
  NoiseSpectrum spectrum = measured;
  const double ratio =
      std::clamp(std::sqrt(spectrum[first_measured_band] / spectrum[first_measured_band + 2]), 1.0, greatest_ratio);
  for (int band = first_measured_band - 1; band >= 0; --band) spectrum[band] = spectrum[band + 1] * ratio;
  double sum = 0.0;
  int count = 0;
  for (int band = 0; band < band_count; ++band) {
    sum += spectrum[band] * coefficient_count(band);
    count += coefficient_count(band);
  }
  if (!(sum > 0.0)) return white_spectrum();
  for (double& energy : spectrum) energy *= count / sum;
  return spectrum;
}

double measured_share(const NoiseSpectrum& spectrum) noexcept {
  double all = 0.0;
  double measured = 0.0;
  for (int band = 0; band < band_count; ++band) {
    const double energy = spectrum[band] * coefficient_count(band);
    all += energy;
    if (band >= first_measured_band) measured += energy;
  }
  return measured / all;
}

}  // namespace rdenoise

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

// Noise that is white in the upper half is white in the lower: what is more there is texture. Demosaiced noise has more
// than twice as much in the middle as on top.
constexpr int middle_band = 6;
constexpr double colored_from = 1.7;

double colored_share(const NoiseSpectrum& measured) {
  constexpr double white_up_to = 1.2;
  const double top = measured[band_count - 1];
  if (!(top > 0.0)) return 1.0;
  return std::clamp((measured[middle_band] / top - white_up_to) / (colored_from - white_up_to), 0.0, 1.0);
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
  const double colored = colored_share(measured);
  for (double& energy : spectrum) energy = std::lerp(1.0, energy * count / sum, colored);
  return spectrum;
}

bool is_colored(const NoiseSpectrum& completed) noexcept {
  // Development and compression let energy fall with frequency; a hump is a pattern of the picture.
  constexpr double greatest_rise = 1.5;
  for (int band = first_measured_band; band + 1 < band_count; ++band) {
    if (completed[band + 1] > greatest_rise * completed[band]) return false;
  }
  return completed[middle_band] >= colored_from * completed[band_count - 1];
}

}  // namespace rdenoise

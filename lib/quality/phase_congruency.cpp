// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/phase_congruency.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <rdenoise/parallel.hpp>

namespace rdenoise {
namespace {

using Samples = FourierTransform2d::Samples;
using Responses = std::array<Samples, LogGaborBank::scale_count>;

/// The noise threshold lies this many σ above the mean energy of noise.
constexpr double noise_sigmas = 2.0;
/// That energy is estimated for the measure PC_1; Kovesi found it too large by this for PC_2.
constexpr double noise_overestimate = 1.7;
/// In steps of 1/255, the scale for which it was published.
constexpr double least_energy = 1e-4;
constexpr double white_8bit = 255.0;
constexpr int least_samples = 4096;

double median(std::vector<double> values) {
  const auto upper = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), upper, values.end());
  if (values.size() % 2 == 1) return *upper;
  return 0.5 * (*upper + *std::max_element(values.begin(), upper));
}

/// Energy that noise alone would reach. The noise power is that of the finest scale, whose squared amplitudes follow an
/// exponential law of median ln 2 times the mean if they are noise.
double noise_threshold(const LogGaborBank& bank, int orientation, int width_px, int height_px, const Samples& finest) {
  std::vector<double> squares(finest.size());
  std::ranges::transform(finest, squares.begin(), [](const auto& response) { return std::norm(response); });
  const double mean_square = median(std::move(squares)) / std::numbers::ln2;

  const std::vector<double>& angular = bank.angular[orientation];
  double finest_power = 0.0;
  // Of the sum over scales of the even-symmetric filters, by Parseval's theorem: half of what each filter lets through
  // at a frequency and at its opposite.
  double even_power = 0.0;
  for (int y = 0; y < height_px; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * width_px;
    const std::size_t opposite_row = static_cast<std::size_t>((height_px - y) % height_px) * width_px;
    for (int x = 0; x < width_px; ++x) {
      const std::size_t i = row + x;
      const std::size_t opposite = opposite_row + (width_px - x) % width_px;
      double even = 0.0;
      for (const std::vector<double>& radial : bank.radial) even += radial[i];
      even *= 0.5 * (angular[i] + angular[opposite]);
      even_power += even * even;
      const double filter = bank.radial[0][i] * angular[i];
      finest_power += filter * filter;
    }
  }
  // Energy of noise follows Rayleigh's law with this parameter.
  const double tau = std::sqrt(mean_square / finest_power * even_power);
  const double pi = std::numbers::pi;
  return tau * (std::sqrt(pi / 2.0) + noise_sigmas * std::sqrt(2.0 - pi / 2.0)) / noise_overestimate;
}

/// Adds one orientation's energy above the threshold, and its amplitudes. The energy is the responses' part along their
/// mean phase, less their part across it.
void add_orientation(const Responses& responses, double threshold, std::vector<double>& energies,
                     std::vector<double>& amplitudes) {
  parallel_bands(static_cast<int>(energies.size()), least_samples, 0, [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      std::complex<double> sum = 0.0;
      for (const Samples& response : responses) sum += response[i];
      const double sum_length = std::sqrt(std::norm(sum)) + least_energy;
      const double mean_even = sum.real() / sum_length;
      const double mean_odd = sum.imag() / sum_length;
      double energy = 0.0;
      for (const Samples& response : responses) {
        const double even = response[i].real();
        const double odd = response[i].imag();
        energy += even * mean_even + odd * mean_odd - std::abs(even * mean_odd - odd * mean_even);
        amplitudes[i] += std::sqrt(even * even + odd * odd);
      }
      energies[i] += std::max(energy - threshold, 0.0);
    }
  });
}

}  // namespace

PhaseCongruency::PhaseCongruency(int width_px, int height_px)
    : transform_(width_px, height_px), bank_(log_gabor_bank(width_px, height_px)) {}

std::vector<double> PhaseCongruency::of(const PlaneView& plane) const {
  const std::size_t count = plane.samples.size();
  // No filter passes the mean; without it, summed from the first sample on, a flat picture gives exact zeros.
  const double first = plane.samples[0];
  double mean = 0.0;
  for (const float sample : plane.samples) mean += sample - first;
  mean = first + mean / static_cast<double>(count);
  Samples picture(count);
  for (std::size_t i = 0; i < count; ++i) picture[i] = white_8bit * (plane.samples[i] - mean);
  const Samples spectrum = transform_.forward(picture);

  std::vector<double> energies(count);
  std::vector<double> amplitudes(count);
  for (int o = 0; o < LogGaborBank::orientation_count; ++o) {
    Responses responses;
    for (int s = 0; s < LogGaborBank::scale_count; ++s) {
      for (std::size_t i = 0; i < count; ++i) picture[i] = spectrum[i] * (bank_.radial[s][i] * bank_.angular[o][i]);
      responses[s] = transform_.inverse(picture);
    }
    const double threshold = noise_threshold(bank_, o, plane.width_px, plane.height_px, responses[0]);
    add_orientation(responses, threshold, energies, amplitudes);
  }
  for (std::size_t i = 0; i < count; ++i) energies[i] = amplitudes[i] > 0.0 ? energies[i] / amplitudes[i] : 0.0;
  return energies;
}

}  // namespace rdenoise

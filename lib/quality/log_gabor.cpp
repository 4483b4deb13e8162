// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/log_gabor.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace rdenoise {
namespace {

/// Width of the radial Gaussian, as ratio of frequencies.
constexpr double sigma_on_frequency = 0.55;
/// Interval between orientations over the σ of the angular Gaussian.
constexpr double interval_on_sigma = 1.2;
/// A Butterworth low pass takes away the corners of the spectrum, which have no full ring.
constexpr double cutoff_cycles_per_px = 0.45;
constexpr double low_pass_exponent = 2 * 15;

/// In cycles per pixel. Odd lengths are stretched to reach 1/2, as in the published code.
double frequency(int index, int length) noexcept {
  const int last_positive = (length - 1) / 2;
  const int signed_index = index <= last_positive ? index : index - length;
  return static_cast<double>(signed_index) / (length % 2 == 0 ? length : length - 1);
}

}  // namespace

LogGaborBank log_gabor_bank(int width_px, int height_px) {
  const auto count = static_cast<std::size_t>(width_px) * height_px;
  LogGaborBank bank;
  for (auto& filter : bank.radial) filter.resize(count);
  for (auto& filter : bank.angular) filter.resize(count);
  const double log_sigma = std::log(sigma_on_frequency);
  const double angular_sigma = std::numbers::pi / LogGaborBank::orientation_count / interval_on_sigma;
  // Frequency 0 keeps its zeros.
  for (std::size_t i = 1; i < count; ++i) {
    const double u = frequency(static_cast<int>(i % width_px), width_px);
    // Angles count anti-clockwise, rows downwards.
    const double v = -frequency(static_cast<int>(i / width_px), height_px);
    const double radius = std::hypot(u, v);
    const double low_pass = 1.0 / (1.0 + std::pow(radius / cutoff_cycles_per_px, low_pass_exponent));
    double wavelength_px = LogGaborBank::least_wavelength_px;
    for (auto& filter : bank.radial) {
      const double octaves = std::log(radius * wavelength_px) / log_sigma;
      filter[i] = low_pass * std::exp(-0.5 * octaves * octaves);
      wavelength_px *= 2.0;
    }
    for (int o = 0; o < LogGaborBank::orientation_count; ++o) {
      const double axis = std::numbers::pi * o / LogGaborBank::orientation_count;
      const double across = v * std::cos(axis) - u * std::sin(axis);
      const double along = u * std::cos(axis) + v * std::sin(axis);
      const double distance = std::atan2(across, along) / angular_sigma;
      bank.angular[o][i] = std::exp(-0.5 * distance * distance);
    }
  }
  return bank;
}

}  // namespace rdenoise

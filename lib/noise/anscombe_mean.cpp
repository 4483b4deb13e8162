// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/anscombe_mean.hpp"

#include <cmath>
#include <numbers>

namespace rdenoise {
namespace {

// With t = √(z + ⅜ + σ²) the integrand is 4t²·φ((t² − center)/σ)/σ: smooth where f itself has an infinite slope, and
// even in t, so that the trapezoidal rule from t = 0 on converges faster than any power of its step.
double mean_at(double count, double sigma) {
  const double center = count + 0.375 + sigma * sigma;
  if (sigma < 1e-9) return 2.0 * std::sqrt(center);
  constexpr double reach = 9.0;
  constexpr int steps = 128;
  const double lowest = center > reach * sigma ? std::sqrt(center - reach * sigma) : 0.0;
  const double step = (std::sqrt(center + reach * sigma) - lowest) / steps;
  double sum = 0.0;
  for (int i = 0; i <= steps; ++i) {
    const double t = lowest + i * step;
    const double z = (t * t - center) / sigma;
    sum += 4.0 * t * t * std::exp(-0.5 * z * z);
  }
  return sum * step / (sigma * std::sqrt(2.0 * std::numbers::pi));
}

// Counts up to here hold all but 1e-16 of a Poisson number.
int last_count(double photons) { return static_cast<int>(photons + 9.0 * std::sqrt(photons) + 25.0); }

}  // namespace

AnscombeMean::AnscombeMean(double read_sigma, double greatest_photons) {
  const int last = last_count(greatest_photons) + 1;
  mean_at_count_.reserve(static_cast<std::size_t>(last) + 1);
  for (int k = 0; k <= last; ++k) mean_at_count_.push_back(mean_at(k, read_sigma));
}

AnscombeMean::Value AnscombeMean::operator()(double photons) const {
  // d/dy P(k; y) = P(k − 1; y) − P(k; y), so the slope is the mean of the differences.
  Value value{0.0, 0.0};
  double probability = std::exp(-photons);
  const int last = last_count(photons);
  for (int k = 0; k <= last; ++k) {
    const double here = mean_at_count_[static_cast<std::size_t>(k)];
    value.mean += probability * here;
    value.slope += probability * (mean_at_count_[static_cast<std::size_t>(k) + 1] - here);
    probability *= photons / (k + 1);
  }
  return value;
}

}  // namespace rdenoise

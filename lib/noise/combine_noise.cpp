// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/noise.hpp>

namespace rdenoise {
namespace {

constexpr double dark_level = 0.01;
constexpr double bright_level = 0.5;
constexpr double tiny_variance = 1e-14;

double geometric_mean(double measured, double prior, double share_measured) {
  return std::exp(std::lerp(std::log(prior + tiny_variance), std::log(measured + tiny_variance), share_measured));
}

NoiseModel line_through(double dark_variance, double bright_variance) {
  const double a = std::max(0.0, (bright_variance - dark_variance) / (bright_level - dark_level));
  return {a, std::max(0.0, dark_variance - a * dark_level)};
}

}  // namespace

NoiseProfile combine_noise(const NoiseProfile& measured, const NoiseProfile& prior) noexcept {
  constexpr double prior_weight = 0.1;
  const double sum = measured.confidence + prior_weight * prior.confidence;
  if (measured.channel_count != prior.channel_count || !(sum > 0.0)) return measured;
  const double share = measured.confidence / sum;
  NoiseProfile combined = measured;
  for (int c = 0; c < measured.channel_count; ++c) {
    const auto variance = [&](double level) {
      return geometric_mean(measured.channels[c].variance(level), prior.channels[c].variance(level), share);
    };
    combined.channels[c] = line_through(variance(dark_level), variance(bright_level));
  }
  combined.confidence = std::lerp(prior.confidence, measured.confidence, share);
  return combined;
}

}  // namespace rdenoise

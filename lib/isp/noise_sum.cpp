// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/noise_sum.hpp"

#include <rdenoise/noise_propagation.hpp>

namespace rdenoise {
namespace {

template <typename Variance>
NoiseLevelFunction sampled(const Variance& variance) {
  NoiseLevelFunction function;
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    function.variance[i] = static_cast<float>(variance(NoiseLevelFunction::level(i)));
  }
  return function;
}

}  // namespace

void NoiseSum::add(const NoiseModel& noise, double weight) {
  const double factor = weight * weight;
  if (!noise.level_function && !function_) {
    line_.a += factor * noise.a;
    line_.b += factor * noise.b;
    return;
  }
  function_ = sampled([&](double level) {
    return (function_ ? (*function_)(level) : line_.variance(level)) + factor * noise.variance(level);
  });
}

NoiseModel NoiseSum::model() const {
  if (!function_) return {line_.a, line_.b + constant_, {}};
  return model_of_level_function(sampled([&](double level) { return (*function_)(level) + constant_; }));
}

NoiseModel rescaled(const NoiseModel& noise, double gain, double offset) {
  if (gain == 1.0 && offset == 0.0) return noise;
  const double moved_b = gain * gain * noise.b - gain * noise.a * offset;
  // Below the old black the variance stays at b, which a line can only say if black stays where it is.
  constexpr double least_step = 0.005;
  if (!noise.level_function && (std::abs(offset) < least_step || noise.a == 0.0)) {
    return {gain * noise.a, moved_b > 0.0 ? moved_b : 0.0, {}};
  }
  return model_of_level_function(
      sampled([&](double level) { return gain * gain * noise.variance((level - offset) / gain); }));
}

double mean_variance(const NoiseModel& noise) noexcept {
  if (!noise.level_function) return noise.variance(0.5);
  double sum = 0.0;
  for (const float variance : noise.level_function->variance) sum += variance;
  return sum / NoiseLevelFunction::level_count;
}

}  // namespace rdenoise

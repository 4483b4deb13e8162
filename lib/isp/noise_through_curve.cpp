// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/noise_propagation.hpp>

#include "isp/gaussian_moments.hpp"

namespace rdenoise {

NoiseModel model_of_level_function(const NoiseLevelFunction& function) noexcept {
  double sum = 0.0;
  double slope_sum = 0.0;
  double square_sum = 0.0;
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    const double from_middle = NoiseLevelFunction::level(i) - 0.5;
    sum += function.variance[i];
    slope_sum += from_middle * function.variance[i];
    square_sum += from_middle * from_middle;
  }
  const double mean = sum / NoiseLevelFunction::level_count;
  NoiseModel model{std::max(0.0, slope_sum / square_sum), 0.0, function};
  model.b = mean - 0.5 * model.a;
  if (model.b < 0.0) {
    // The nearest line through the origin.
    model.a = (slope_sum + 0.5 * sum) / (square_sum + 0.25 * NoiseLevelFunction::level_count);
    model.b = 0.0;
  }
  return model;
}

NoiseProfile through_curve(const NoiseProfile& noise, ToneCurve from, ToneCurve to) {
  if (from == to) return noise;
  const auto curve = [&](double signal) -> double {
    return encode_tone(to, decode_tone(from, static_cast<float>(signal)));
  };
  NoiseProfile result{noise.channel_count, {}, noise.confidence};
  for (int c = 0; c < noise.channel_count; ++c) {
    NoiseLevelFunction function;
    for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
      const double signal = encode_tone(from, decode_tone(to, static_cast<float>(NoiseLevelFunction::level(i))));
      function.variance[i] =
          static_cast<float>(gaussian_moments(signal, noise.channels[c].sigma(signal), curve).variance());
    }
    result.channels[c] = model_of_level_function(function);
  }
  return result;
}

}  // namespace rdenoise

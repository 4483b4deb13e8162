// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <string>

#include "isp/gaussian_moments.hpp"
#include "isp/noise_sum.hpp"

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

NoiseProfile through_matrix(const NoiseProfile& noise, const std::array<double, 9>& matrix) {
  if (noise.channel_count != 3) {
    throw Error(ErrorCode::invalid_argument, "noise through a colour matrix: expected a profile of 3 channels, found " +
                                                 std::to_string(noise.channel_count));
  }
  NoiseProfile result{3, {}, noise.confidence};
  for (int c = 0; c < 3; ++c) {
    const double gray = matrix[3 * c] + matrix[3 * c + 1] + matrix[3 * c + 2];
    constexpr double least_gray = 1e-6;  // below it the row is a color difference
    const bool keeps_gray = gray > least_gray;
    NoiseSum sum;
    for (int k = 0; k < 3; ++k) {
      const double weight = matrix[3 * c + k];
      if (keeps_gray) {
        sum.add(noise.channels[k], weight / gray);
      } else {
        sum.add_constant(weight * weight * mean_variance(noise.channels[k]));
      }
    }
    result.channels[c] = keeps_gray ? rescaled(sum.model(), gray, 0.0) : sum.model();
  }
  return result;
}

}  // namespace rdenoise

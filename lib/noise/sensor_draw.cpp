// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <string>

#include "noise/gaussian_field.hpp"
#include "noise/philox.hpp"

namespace rdenoise {
namespace {

philox::Counter choices(const NoiseSeed& seed, std::uint64_t index, std::uint32_t attempt) noexcept {
  return philox::block(philox::counter_of(seed, philox::Purpose::sensor_choice, index, attempt), philox::key_of(seed));
}

std::size_t pick(std::uint32_t word, std::size_t count) noexcept {
  return static_cast<std::size_t>(static_cast<std::uint64_t>(word) * count >> 32);
}

double scale_dn(const LogLinearFit& fit, double log_gain, double normal) noexcept {
  return std::exp(fit.slope * log_gain + fit.bias + fit.sigma * normal);
}

void check(const SensorCalibration& sensor, double gain_dn, double range_dn) {
  const auto refuse = [](const std::string& expected, const std::string& found) {
    throw Error(ErrorCode::invalid_argument, "drawing sensor noise: expected " + expected + ", found " + found);
  };
  if (!(gain_dn > 0.0) || !std::isfinite(gain_dn)) refuse("a gain above 0", std::to_string(gain_dn));
  if (!(range_dn > 0.0) || !std::isfinite(range_dn)) refuse("a range above 0", std::to_string(range_dn));
  if (sensor.scales.empty() || sensor.tukey_shapes.empty())
    refuse("a calibration with scales and shapes", "one without");
}

}  // namespace

double draw_gain_dn(const SensorCalibration& sensor, NoiseSeed seed, std::uint64_t index) noexcept {
  const double share = choices(seed, index, 1)[0] * 0x1p-32;
  return std::exp(std::lerp(std::log(sensor.least_gain_dn), std::log(sensor.greatest_gain_dn), share));
}

SensorDraw draw_sensor_noise(const SensorCalibration& sensor, double gain_dn, double range_dn, ReadNoise read_noise,
                             NoiseSeed seed, std::uint64_t index) {
  check(sensor, gain_dn, range_dn);
  const philox::Counter words = choices(seed, index, 0);
  const SensorScales& scales = sensor.scales[pick(words[0], sensor.scales.size())];
  const double log_gain = std::log(gain_dn);
  const auto scale = [&](const LogLinearFit& fit, std::uint64_t which) {
    const double normal = gaussian_at(seed, philox::Purpose::sensor_scale, index * 4 + which);
    return scale_dn(fit, log_gain, normal) / range_dn;
  };
  SensorDraw draw;
  draw.noise.a = gain_dn / range_dn;
  if (read_noise == ReadNoise::gaussian) {
    draw.noise.b = std::pow(scale(scales.gaussian_read, 0), 2);
  } else {
    draw.effects.tukey_scale = scale(scales.tukey_read, 1);
    draw.effects.tukey_shape = sensor.tukey_shapes[pick(words[1], sensor.tukey_shapes.size())];
  }
  draw.effects.row_sigma = scale(scales.row, 2);
  draw.effects.quantisation_step = 1.0 / range_dn;
  if (!sensor.color_bias_dn.empty()) {
    // The same setting as the shape's, where both were measured at each.
    const auto& bias = sensor.color_bias_dn[pick(words[1], sensor.color_bias_dn.size())];
    std::ranges::transform(bias, draw.effects.black_offset.begin(), [&](double dn) { return dn / range_dn; });
  }
  return draw;
}

}  // namespace rdenoise

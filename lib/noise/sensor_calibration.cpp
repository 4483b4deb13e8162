// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <string>

#include "noise/json_document.hpp"

namespace rdenoise {
namespace {

constexpr std::uintmax_t most_bytes = 16U << 20;
// Logarithms of DN: e±²⁰ is beyond every sensor.
constexpr double most_log = 20.0;
constexpr double most_dn = 65535.0;

LogLinearFit read_fit(const JsonValue& fit) {
  return {fit.at("slope").number(-most_log, most_log), fit.at("bias").number(-most_log, most_log),
          fit.at("sigma").number(0.0, most_log)};
}

std::vector<double> read_shapes(const JsonValue& list) {
  std::vector<double> shapes(list.array_size());
  if (shapes.empty()) list.fail("one shape or more", "none");
  for (std::size_t i = 0; i < shapes.size(); ++i) shapes[i] = list.at(i).number(-0.499999, 5.0);
  return shapes;
}

std::vector<std::array<double, max_channels>> read_bias(const JsonValue& settings) {
  std::vector<std::array<double, max_channels>> bias(settings.array_size());
  for (std::size_t i = 0; i < bias.size(); ++i) {
    const JsonValue setting = settings.at(i);
    setting.expect_array_of(max_channels);
    for (std::size_t c = 0; c < max_channels; ++c) bias[i][c] = setting.at(c).number(-most_dn, most_dn);
  }
  return bias;
}

}  // namespace

SensorCalibration parse_sensor_calibration(std::string_view json, std::string_view name) {
  const Json document = parse_json(json, std::string(name));
  const JsonValue root(document, std::string(name));
  SensorCalibration sensor;
  sensor.least_gain_dn = root.at("Kmin").number(1e-6, most_dn);
  sensor.greatest_gain_dn = root.at("Kmax").number(sensor.least_gain_dn, most_dn);
  int number = 1;
  do {  // one profile there must be
    const JsonValue profile = root.at("Profile-" + std::to_string(number));
    sensor.scales.push_back(
        {read_fit(profile.at("g_scale")), read_fit(profile.at("G_scale")), read_fit(profile.at("R_scale"))});
    ++number;
  } while (root.has("Profile-" + std::to_string(number)));
  sensor.tukey_shapes = read_shapes(root.at("G_shape"));
  if (root.has("color_bias")) sensor.color_bias_dn = read_bias(root.at("color_bias"));
  return sensor;
}

SensorCalibration read_sensor_calibration(const std::filesystem::path& path) {
  return parse_sensor_calibration(read_text(path, most_bytes), path.string());
}

}  // namespace rdenoise

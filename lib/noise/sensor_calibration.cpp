// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/sensor_noise.hpp>
#include <sstream>
#include <string>
#include <system_error>

namespace rdenoise {
namespace {

using Json = nlohmann::json;

/// Walks the JSON and says where in it something is wrong.
class CalibrationReader {
 public:
  explicit CalibrationReader(std::string_view name) : doing_("reading sensor calibration " + std::string(name)) {}

  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const {
    throw Error(ErrorCode::corrupt, doing_ + ": expected " + expected + ", found " + found);
  }
  [[nodiscard]] const Json& member(const Json& object, const std::string& key, const std::string& where) const {
    if (!object.is_object()) refuse("an object at " + where, object.type_name());
    const auto found = object.find(key);
    if (found == object.end()) refuse("a member \"" + key + "\" in " + where, "none");
    return *found;
  }
  [[nodiscard]] double number(const Json& value, const std::string& where, double least, double greatest) const {
    if (!value.is_number()) refuse("a number at " + where, value.type_name());
    const auto found = value.get<double>();
    if (!(found >= least && found <= greatest))
      refuse(where + " of " + std::to_string(least) + " to " + std::to_string(greatest), std::to_string(found));
    return found;
  }
  [[nodiscard]] const Json& list(const Json& value, const std::string& where) const {
    if (!value.is_array()) refuse("a list at " + where, value.type_name());
    return value;
  }

 private:
  std::string doing_;
};

// Logarithms of DN: e±²⁰ is beyond every sensor.
constexpr double greatest_log = 20.0;
constexpr double greatest_dn = 65535.0;

LogLinearFit read_fit(const CalibrationReader& reader, const Json& profile, const std::string& key,
                      const std::string& where) {
  const Json& fit = reader.member(profile, key, where);
  const std::string place = where + "." + key;
  const auto value = [&](const char* name, double least) {
    return reader.number(reader.member(fit, name, place), place + "." + name, least, greatest_log);
  };
  return {value("slope", -greatest_log), value("bias", -greatest_log), value("sigma", 0.0)};
}

std::vector<double> read_shapes(const CalibrationReader& reader, const Json& root) {
  std::vector<double> shapes;
  for (const Json& shape : reader.list(reader.member(root, "G_shape", "the file"), "G_shape"))
    shapes.push_back(reader.number(shape, "a number of G_shape", -0.499999, 5.0));
  if (shapes.empty()) reader.refuse("one shape or more in G_shape", "none");
  return shapes;
}

std::vector<std::array<double, max_channels>> read_bias(const CalibrationReader& reader, const Json& root) {
  std::vector<std::array<double, max_channels>> bias;
  if (!root.contains("color_bias")) return bias;
  for (const Json& setting : reader.list(root["color_bias"], "color_bias")) {
    if (!setting.is_array() || setting.size() != max_channels)
      reader.refuse("four numbers in each row of color_bias",
                    setting.is_array() ? std::to_string(setting.size()) : std::string(setting.type_name()));
    auto& row = bias.emplace_back();
    for (std::size_t c = 0; c < row.size(); ++c)
      row[c] = reader.number(setting[c], "a number of color_bias", -greatest_dn, greatest_dn);
  }
  return bias;
}

}  // namespace

SensorCalibration parse_sensor_calibration(std::string_view json, std::string_view name) {
  const CalibrationReader reader(name);
  const Json root = Json::parse(json, nullptr, false);
  if (root.is_discarded()) reader.refuse("JSON", "something else");
  SensorCalibration sensor;
  sensor.least_gain_dn = reader.number(reader.member(root, "Kmin", "the file"), "Kmin", 1e-6, greatest_dn);
  sensor.greatest_gain_dn = reader.number(reader.member(root, "Kmax", "the file"), "Kmax", 1e-6, greatest_dn);
  if (sensor.greatest_gain_dn < sensor.least_gain_dn)
    reader.refuse("Kmin up to Kmax",
                  std::to_string(sensor.least_gain_dn) + " and " + std::to_string(sensor.greatest_gain_dn));
  (void)reader.member(root, "Profile-1", "the file");
  for (int i = 1; root.contains("Profile-" + std::to_string(i)); ++i) {
    const std::string key = "Profile-" + std::to_string(i);
    const Json& profile = root[key];
    sensor.scales.push_back({read_fit(reader, profile, "g_scale", key), read_fit(reader, profile, "G_scale", key),
                             read_fit(reader, profile, "R_scale", key)});
  }
  sensor.tukey_shapes = read_shapes(reader, root);
  sensor.color_bias_dn = read_bias(reader, root);
  return sensor;
}

SensorCalibration read_sensor_calibration(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw Error(ErrorCode::not_found,
                "reading sensor calibration " + path.string() + ": expected a file, found none of that name");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || std::filesystem::is_directory(path, ignored) || !(text << file.rdbuf()))
    throw Error(ErrorCode::io, "reading sensor calibration " + path.string() + ": expected to read it, found an error");
  return parse_sensor_calibration(text.str(), path.string());
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_profile_file.hpp>
#include <utility>

#include "base/atomic_file.hpp"
#include "noise/json_document.hpp"

namespace rdenoise {
namespace {

constexpr std::string_view kind = "noise-profile";
constexpr int version = 1;
constexpr std::uintmax_t most_bytes = 1U << 20;
/// Signal is 0 … 1, so no sensor's variance comes near this; what lies above is in other units.
constexpr double most_variance = 1e3;
constexpr double most_iso = 1e9;
constexpr double most_number = std::numeric_limits<float>::max();

constexpr std::array color_models{ColorModel::gray, ColorModel::yuv, ColorModel::rgb, ColorModel::bayer};

void check_head(const JsonValue& root, const std::string& name) {
  root.expect_object();
  if (root.at("rdenoise").text() != kind) root.at("rdenoise").fail("\"noise-profile\"", root.at("rdenoise").found());
  const JsonValue found = root.at("version");
  const double found_version = found.number(0.0, most_number);
  if (found_version > version) {
    throw Error(ErrorCode::unsupported,
                "reading " + name + ": expected a noise profile of version 1, found version " + found.found());
  }
  if (found_version != version) found.fail("1", found.found());
}

std::optional<NoiseLevelFunction> read_level_function(const JsonValue& value) {
  if (value.is_null()) return std::nullopt;
  value.expect_array_of(NoiseLevelFunction::level_count);
  NoiseLevelFunction function;
  for (std::size_t i = 0; i < function.variance.size(); ++i) {
    function.variance[i] = static_cast<float>(value.at(i).number(0.0, most_variance));
  }
  return function;
}

NoiseProfile read_channels(const JsonValue& root, ColorModel color_model) {
  NoiseProfile profile;
  profile.channel_count = profile_channel_count(color_model);
  const auto count = static_cast<std::size_t>(profile.channel_count);
  const JsonValue a = root.at("a");
  const JsonValue b = root.at("b");
  a.expect_array_of(count);
  b.expect_array_of(count);
  for (std::size_t c = 0; c < count; ++c) {
    profile.channels[c].a = a.at(c).number(0.0, most_variance);
    profile.channels[c].b = b.at(c).number(0.0, most_variance);
  }
  profile.confidence = root.at("confidence").number(0.0, 1.0);
  if (root.has("level_function") && !root.at("level_function").is_null()) {
    const JsonValue functions = root.at("level_function");
    functions.expect_array_of(count);
    for (std::size_t c = 0; c < count; ++c) profile.channels[c].level_function = read_level_function(functions.at(c));
  }
  return profile;
}

ColorModel read_color_model(const JsonValue& value) {
  const std::string name = value.text();
  for (const ColorModel model : color_models) {
    if (to_string(model) == name) return model;
  }
  value.fail("gray, yuv, rgb or bayer", value.found());
}

Json to_json(const NoiseProfileFile& file) {
  Json a = Json::array();
  Json b = Json::array();
  Json functions = Json::array();
  bool has_function = false;
  for (int c = 0; c < file.profile.channel_count; ++c) {
    const NoiseModel& model = file.profile.channels[static_cast<std::size_t>(c)];
    a.push_back(model.a);
    b.push_back(model.b);
    functions.push_back(model.level_function ? Json(model.level_function->variance) : Json(nullptr));
    has_function = has_function || model.level_function.has_value();
  }
  Json json = {{"rdenoise", kind},
               {"version", version},
               {"color_model", to_string(file.color_model)},
               {"a", a},
               {"b", b},
               {"confidence", file.profile.confidence},
               {"source", file.source}};
  if (!file.make.empty() || !file.model.empty() || file.iso > 0.0) {
    json["camera"] = {{"make", file.make}, {"model", file.model}, {"iso", file.iso}};
  }
  if (has_function) json["level_function"] = functions;
  return json;
}

}  // namespace

ColorModel parse_color_model(std::string_view name) {
  for (const ColorModel model : color_models) {
    if (to_string(model) == name) return model;
  }
  throw Error(ErrorCode::invalid_argument,
              "naming a color model: expected gray, yuv, rgb or bayer, found " + std::string(name));
}

NoiseProfileFile parse_noise_profile(std::string_view text, const std::string& name) {
  const Json json = parse_json(text, name);
  const JsonValue root(json, name);
  check_head(root, name);
  NoiseProfileFile file;
  file.color_model = read_color_model(root.at("color_model"));
  file.profile = read_channels(root, file.color_model);
  if (root.has("camera") && !root.at("camera").is_null()) {
    const JsonValue camera = root.at("camera");
    file.make = camera.at("make").text();
    file.model = camera.at("model").text();
    file.iso = camera.at("iso").number(0.0, most_iso);
  }
  if (root.has("source")) file.source = root.at("source").text();
  return file;
}

NoiseProfileFile read_noise_profile(const std::filesystem::path& path) {
  return parse_noise_profile(read_text(path, most_bytes), path.string());
}

void write_noise_profile(const std::filesystem::path& path, const NoiseProfileFile& file) {
  if (file.profile.channel_count != profile_channel_count(file.color_model)) {
    throw Error(ErrorCode::invalid_argument, "writing " + path.string() + ": expected a profile of " +
                                                 std::to_string(profile_channel_count(file.color_model)) +
                                                 " channels, found " + std::to_string(file.profile.channel_count));
  }
  std::string text;
  try {
    // Names of cameras come from files and need not be UTF-8.
    text = to_json(file).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    (void)parse_noise_profile(text, path.string());
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument,
                "writing " + path.string() + ": the profile cannot be read back: " + error.what());
  }
  AtomicFile output(path);
  errno = 0;
  std::ofstream stream(output.temporary(), std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    throw Error(ErrorCode::io,
                "writing " + path.string() + ": expected a file that takes the profile, found " + std::strerror(errno));
  }
  output.commit();
}

}  // namespace rdenoise

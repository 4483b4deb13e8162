// SPDX-License-Identifier: LGPL-2.1-or-later
// rpi.noise of libcamera's tuning files. The units are those of libcamera's calibration tool, which fits the standard
// deviation of flat patches to the root of their mean, both scaled to 16 bit, less black, divided by the gain.
#include <cmath>
#include <rdenoise/camera_profiles.hpp>
#include <rdenoise/error.hpp>
#include <string>

#include "noise/json_document.hpp"

namespace rdenoise {
namespace {

constexpr std::uintmax_t most_bytes = 16U << 20;
constexpr double most_level_16bit = 65535.0;
/// What libcamera takes if the file does not say: 256 of 12 bit.
constexpr double usual_black_16bit = 4096.0;
constexpr double confidence = 0.5;

std::optional<JsonValue> find_algorithm(const JsonValue& root, const std::string& key) {
  const JsonValue algorithms = root.at("algorithms");
  const std::size_t count = algorithms.array_size();
  for (std::size_t i = 0; i < count; ++i) {
    if (algorithms.at(i).has(key)) return algorithms.at(i).at(key);
  }
  return std::nullopt;
}

}  // namespace

NoiseProfile read_raspberry_pi_noise(const std::filesystem::path& path, double analogue_gain) {
  if (!(analogue_gain > 0.0) || !std::isfinite(analogue_gain)) {
    throw Error(
        ErrorCode::invalid_argument,
        "reading " + path.string() + ": expected an analogue gain above 0, found " + std::to_string(analogue_gain));
  }
  const Json json = parse_json(read_text(path, most_bytes), path.string());
  const JsonValue root(json, path.string());
  const auto noise = find_algorithm(root, "rpi.noise");
  if (!noise) root.fail("an algorithm rpi.noise", "none");
  const double constant = noise->at("reference_constant").number(0.0, most_level_16bit);
  const double slope = noise->at("reference_slope").number(0.0, most_level_16bit);
  if (constant != 0.0) {
    throw Error(ErrorCode::unsupported, "reading " + path.string() + ": expected reference_constant 0, found " +
                                            noise->at("reference_constant").found());
  }
  const auto black_level = find_algorithm(root, "rpi.black_level");
  const double black = black_level && black_level->has("black_level")
                           ? black_level->at("black_level").number(0.0, most_level_16bit / 2)
                           : usual_black_16bit;
  NoiseProfile profile =
      uniform_profile(ColorModel::bayer, {slope * slope * analogue_gain / (most_level_16bit - black), 0.0, {}});
  profile.confidence = confidence;
  return profile;
}

}  // namespace rdenoise

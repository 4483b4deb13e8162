// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <rdenoise/camera_profiles.hpp>
#include <rdenoise/error.hpp>
#include <set>
#include <string>
#include <utility>

#include "noise/camera_name.hpp"
#include "noise/json_document.hpp"

namespace rdenoise {
namespace {

constexpr std::uintmax_t most_bytes = 64U << 20;
constexpr double most_iso = 1e9;
constexpr double most_variance = 1e3;
constexpr double base_confidence = 0.5;
constexpr double repair_factor = 0.5;
constexpr double most_extrapolation = 2.0;  ///< a stop
/// Squares of 2·(1.6, 2.0, 1.4), see the header.
constexpr std::array<double, 3> mosaic_variance_factor{10.24, 16.0, 7.84};

/// Figures at one ISO, repaired.
struct Entry {
  std::array<NoiseModel, 3> channels;
  double confidence = base_confidence;
};

/// Nothing if no channel has a slope: then the figures tell nothing.
std::optional<Entry> repaired(std::array<NoiseModel, 3> channels) {
  Entry entry{channels};
  NoiseModel mean;
  int good_count = 0;
  bool was_negative = false;
  for (NoiseModel& model : entry.channels) {
    if (!(model.a > 0.0)) continue;
    was_negative = was_negative || model.b < 0.0;
    model.b = std::max(model.b, 0.0);
    mean.a += model.a;
    mean.b += model.b;
    ++good_count;
  }
  if (good_count == 0) return std::nullopt;
  mean.a /= good_count;
  mean.b /= good_count;
  for (NoiseModel& model : entry.channels) {
    if (!(model.a > 0.0)) model = mean;
  }
  if (was_negative) entry.confidence *= repair_factor;
  if (good_count < 3) entry.confidence *= repair_factor;
  return entry;
}

/// From (x0, y0) to (x1, y1): straight in log-log where both values allow it, else straight.
double between(double x0, double y0, double x1, double y1, double x) {
  if (y0 > 0.0 && y1 > 0.0) {
    const double share = std::log(x / x0) / std::log(x1 / x0);
    return std::exp(std::lerp(std::log(y0), std::log(y1), share));
  }
  return std::lerp(y0, y1, (x - x0) / (x1 - x0));
}

std::array<NoiseModel, 3> read_entry(const JsonValue& entry, ProfileBias bias) {
  std::array<NoiseModel, 3> channels;
  entry.at("a").expect_array_of(3);
  entry.at("b").expect_array_of(3);
  for (std::size_t c = 0; c < 3; ++c) {
    const double factor = bias == ProfileBias::corrected ? mosaic_variance_factor[c] : 1.0;
    channels[c].a = factor * entry.at("a").at(c).number(-most_variance, most_variance);
    channels[c].b = factor * entry.at("b").at(c).number(-most_variance, most_variance);
  }
  return channels;
}

using EntriesByIso = std::map<double, Entry>;

EntriesByIso read_camera(const JsonValue& camera, ProfileBias bias) {
  EntriesByIso entries;
  const JsonValue profiles = camera.at("profiles");
  const std::size_t count = profiles.array_size();
  for (std::size_t i = 0; i < count; ++i) {
    const JsonValue profile = profiles.at(i);
    profile.expect_object();
    if (profile.has("skip") && profile.at("skip").boolean()) continue;
    const double iso = profile.at("iso").number(1.0, most_iso);
    const auto channels = read_entry(profile, bias);
    // Of two for the same ISO the first counts.
    if (const auto entry = repaired(channels)) entries.try_emplace(iso, *entry);
  }
  return entries;
}

}  // namespace

struct CameraProfiles::Cameras {
  std::map<std::pair<std::string, std::string>, EntriesByIso> by_name;  ///< plain maker, plain model
  std::set<std::string> makers;

  /// nullptr if there is no such camera, or no figures of it.
  [[nodiscard]] const EntriesByIso* find(std::string_view make, std::string_view model) const {
    std::string maker = plain_maker(make);
    const std::string first_word = plain_maker(model);
    if (makers.contains(first_word) && names_maker(model, first_word)) maker = first_word;
    const auto camera = by_name.find({maker, plain_model(model, maker)});
    return camera == by_name.end() || camera->second.empty() ? nullptr : &camera->second;
  }
};

CameraProfiles CameraProfiles::load(const std::filesystem::path& path, ProfileBias bias) {
  const Json json = parse_json(read_text(path, most_bytes), path.string());
  const JsonValue makers = JsonValue(json, path.string()).at("noiseprofiles");
  const auto cameras = std::make_shared<Cameras>();
  const std::size_t maker_count = makers.array_size();
  for (std::size_t i = 0; i < maker_count; ++i) {
    const JsonValue maker = makers.at(i);
    const std::string maker_name = plain_maker(maker.at("maker").text());
    cameras->makers.insert(maker_name);
    const JsonValue models = maker.at("models");
    const std::size_t model_count = models.array_size();
    for (std::size_t k = 0; k < model_count; ++k) {
      const std::string model_name = plain_model(models.at(k).at("model").text(), maker_name);
      cameras->by_name.try_emplace({maker_name, model_name}, read_camera(models.at(k), bias));
    }
  }
  return CameraProfiles(cameras);
}

std::size_t CameraProfiles::camera_count() const noexcept { return cameras_->by_name.size(); }

std::optional<IsoRange> CameraProfiles::measured_isos(std::string_view make, std::string_view model) const {
  const EntriesByIso* const entries = cameras_->find(make, model);
  if (entries == nullptr) return std::nullopt;
  return IsoRange{entries->begin()->first, entries->rbegin()->first};
}

std::optional<NoiseProfile> CameraProfiles::find(std::string_view make, std::string_view model, double iso) const {
  if (!(iso > 0.0) || !std::isfinite(iso)) return std::nullopt;
  const EntriesByIso* const camera = cameras_->find(make, model);
  if (camera == nullptr) return std::nullopt;

  const EntriesByIso& entries = *camera;
  const auto above = entries.lower_bound(iso);
  NoiseProfile profile{3, {}, 0.0};
  if (above == entries.end() || (above == entries.begin() && above->first > iso)) {
    const auto& [nearest_iso, entry] = above == entries.end() ? *std::prev(above) : *above;
    const double ratio = iso / nearest_iso;
    if (ratio > most_extrapolation || ratio < 1.0 / most_extrapolation) return std::nullopt;
    for (std::size_t c = 0; c < 3; ++c) {
      profile.channels[c] = {entry.channels[c].a * ratio, entry.channels[c].b * ratio * ratio, {}};
    }
    profile.confidence = entry.confidence * repair_factor;
    return profile;
  }
  const auto& [high_iso, high] = *above;
  if (high_iso == iso) {
    profile.channels = high.channels;
    profile.confidence = high.confidence;
    return profile;
  }
  const auto& [low_iso, low] = *std::prev(above);
  for (std::size_t c = 0; c < 3; ++c) {
    profile.channels[c].a = between(low_iso, low.channels[c].a, high_iso, high.channels[c].a, iso);
    profile.channels[c].b = between(low_iso, low.channels[c].b, high_iso, high.channels[c].b, iso);
  }
  profile.confidence = std::min(low.confidence, high.confidence);
  return profile;
}

std::vector<std::filesystem::path> default_camera_profile_paths() {
  const char* const given = std::getenv("XDG_DATA_DIRS");
  // XDG Base Directory Specification 0.8: what holds if the variable is not set or empty.
  std::string folders = given != nullptr && *given != '\0' ? given : "/usr/local/share:/usr/share";
  folders += ":/opt/darktable/share";
  std::vector<std::filesystem::path> paths;
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', begin), folders.size());
    if (end > begin)
      paths.push_back(std::filesystem::path(folders.substr(begin, end - begin)) / "darktable" / "noiseprofiles.json");
    begin = end + 1;
  }
  return paths;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/iso_profile.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <vector>

namespace rdenoise::training {

namespace fs = std::filesystem;

CameraProfiles load_camera_profiles(const fs::path& given, const fs::path& data) {
  if (!given.empty()) return CameraProfiles::load(given);
  std::vector<fs::path> paths = default_camera_profile_paths();
  paths.insert(paths.begin(), data / "profiles" / "noiseprofiles.json");
  const auto found = std::ranges::find_if(paths, [](const fs::path& path) { return fs::exists(path); });
  if (found == paths.end())
    throw Error(ErrorCode::not_found, "looking for camera profiles: expected --profiles, " + paths.front().string() +
                                          " or an installed darktable, found none of them");
  return CameraProfiles::load(*found);
}

IsoProfile iso_profile(const CameraProfiles& profiles, const std::string& camera, double iso) {
  const auto measured = profiles.measured_isos("", camera);
  if (!measured)
    throw Error(ErrorCode::invalid_argument,
                "looking for a camera's noise: expected a camera of the profiles, the maker's name in front, found \"" +
                    camera + '"');
  const double nearest_iso = std::clamp(iso, measured->least, measured->greatest);
  IsoProfile profile{profiles.find("", camera, nearest_iso).value(), std::nullopt};
  if (nearest_iso == iso) return profile;
  const double gain = iso / nearest_iso;
  for (NoiseModel& channel : profile.noise.channels) {
    channel.a *= gain;
    channel.b *= gain * gain;
  }
  profile.extrapolated_from_iso = nearest_iso;
  return profile;
}

}  // namespace rdenoise::training

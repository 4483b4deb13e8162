// SPDX-License-Identifier: LGPL-2.1-or-later
// The noise of a camera at any ISO, from figures that others measured.
#pragma once

#include <filesystem>
#include <optional>
#include <rdenoise/camera_profiles.hpp>
#include <string>

namespace rdenoise::training {

/// darktable's file: the given one, else profiles/noiseprofiles.json below `data`, else where darktable installs it.
/// throws  Error{not_found} if there is none; as CameraProfiles::load
[[nodiscard]] CameraProfiles load_camera_profiles(const std::filesystem::path& given,
                                                  const std::filesystem::path& data);

struct IsoProfile {
  NoiseProfile noise;  ///< of the mosaic: R, G, B
  /// Outside of what was measured, the nearest measured ISO: a grows from there with the ISO, b with its square.
  std::optional<double> extrapolated_from_iso;
};

/// camera  with the maker's name in front
/// throws  Error{invalid_argument} for a camera without figures
[[nodiscard]] IsoProfile iso_profile(const CameraProfiles& profiles, const std::string& camera, double iso);

}  // namespace rdenoise::training

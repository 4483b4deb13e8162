// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise profiles as the subcommands name and store them.
#pragma once

#include <map>
#include <rdenoise/noise_profile_file.hpp>
#include <string>

#include "input.hpp"

namespace rdn {

/// By their names on the command line.
[[nodiscard]] const std::map<std::string, rdenoise::EstimateMethod>& estimate_methods();

/// Y, U, V or R, G, B.
[[nodiscard]] const char* channel_name(rdenoise::ColorModel model, int channel);

/// What a profile file says of this profile: the camera is that of the input, if it is a RAW photo.
[[nodiscard]] rdenoise::NoiseProfileFile profile_file(const Input& input, const rdenoise::NoiseProfile& profile,
                                                      std::string source);

}  // namespace rdn

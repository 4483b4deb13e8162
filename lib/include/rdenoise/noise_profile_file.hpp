// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise profiles in files of this project's own: JSON, numbers in normalised signal.
//
//   {"rdenoise": "noise-profile", "version": 1,
//    "camera": {"make": "Maker", "model": "Model", "iso": 800},       optional; iso 0: unknown
//    "color_model": "bayer",                                          gray, yuv, rgb or bayer
//    "a": [R, G, B], "b": [R, G, B],                                  one number for each channel, 0 or above
//    "confidence": 0.9,                                               0 … 1
//    "level_function": [[33 variances], null, …],                     optional; one for each channel or null
//    "source": "how it was measured"}                                 optional
#pragma once

#include <filesystem>
#include <rdenoise/noise.hpp>
#include <string>
#include <string_view>

namespace rdenoise {

struct NoiseProfileFile {
  ColorModel color_model = ColorModel::bayer;
  NoiseProfile profile;
  std::string make;
  std::string model;
  double iso = 0.0;    ///< 0 if unknown
  std::string source;  ///< how the figures were found, in words
};

/// Reads strictly: a key that is missing, of the wrong type, out of range or of the wrong length is an error that names
/// it. Keys it does not know are left alone, so that people can add notes.
/// throws  Error{not_found|io}; Error{corrupt}; Error{unsupported} for a later version
[[nodiscard]] NoiseProfileFile read_noise_profile(const std::filesystem::path& path);

/// The same from text; `name` is used in messages.
[[nodiscard]] NoiseProfileFile parse_noise_profile(std::string_view text, const std::string& name);

/// Writes atomically; every number is read back as the same bits.
/// throws  Error{invalid_argument} for a profile that the reader would refuse, Error{io}
void write_noise_profile(const std::filesystem::path& path, const NoiseProfileFile& file);

/// By its name in files: "gray", "yuv", "rgb", "bayer".
/// throws  Error{invalid_argument} for another
[[nodiscard]] ColorModel parse_color_model(std::string_view name);

}  // namespace rdenoise

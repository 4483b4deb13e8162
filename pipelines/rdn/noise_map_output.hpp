// SPDX-License-Identifier: LGPL-2.1-or-later
// The σ map of a network as a file.
#pragma once

#include <filesystem>
#include <rdenoise/image.hpp>

namespace rdn {

/// σ in 8-bit steps over a map.
struct SigmaRange {
  double least_8bit = 0.0;
  double mean_8bit = 0.0;
  double most_8bit = 0.0;
};
[[nodiscard]] SigmaRange sigma_range(const rdenoise::Image& map);

/// The σ that is white in a PNG: the most in the map, rounded up to 1, 2 or 5 times a power of ten.
[[nodiscard]] double white_sigma_8bit(const SigmaRange& range);

/// throws  UsageError unless the name ends in .tiff, .tif or .png
void check_noise_map_name(const std::filesystem::path& path);

/// TIFF: float, in 8-bit steps. PNG: `bit_depth` bits, from black at 0 to white at white_8bit.
/// map     in normalised signal
/// throws  Error that names the file
void write_noise_map(const std::filesystem::path& path, const rdenoise::Image& map, double white_8bit,
                     int bit_depth = 16);

}  // namespace rdn

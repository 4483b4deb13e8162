// SPDX-License-Identifier: LGPL-2.1-or-later
// TIFF files made of directories.
//
// Not through libtiff, which would turn the fractions of a camera's EXIF into other ones, takes custom tags only
// through a hook that all threads share, and has no lossless JPEG. What is left of TIFF is small: a list of sorted
// entries.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "raw/tiff_directory.hpp"

namespace rdenoise {

/// A directory, its pixels, and the directories that hang on it.
struct TiffPart {
  TiffDirectory directory;  ///< without offsets and byte counts of the pixels, and without pointers to other parts
  std::vector<std::span<const std::byte>> pixels;  ///< strips or tiles, by the directory's tags; little-endian
  std::vector<std::pair<std::uint16_t, TiffPart>> children;  ///< by the tag that points to them
};

/// Writes a little-endian TIFF: all directories with their values, then all pixels, each in the order of the tree. A
/// file that is cut short thus lacks pixels, never just its levels.
///
/// path  is created or overwritten
/// name  for messages
/// throws  Error{io}; Error{unsupported} if the file would be larger than 32-bit offsets reach
void write_tiff_parts(const std::filesystem::path& path, const std::string& name, const TiffPart& main);

/// The same without pixels, in memory: an EXIF block.
[[nodiscard]] std::vector<std::byte> tiff_block(const TiffPart& main);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// EXIF in a TIFF file: directories of its own, through libtiff.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <optional>

#include "image/exif_block.hpp"

namespace rdenoise {

struct TiffExifOffsets {
  std::optional<std::uint64_t> exif;
  std::optional<std::uint64_t> gps;
};

/// Writes them ahead of the picture, whose directory is then begun anew. Entries that libtiff does not know are left
/// out.
/// tiff  open for writing, nothing set or written yet
[[nodiscard]] TiffExifOffsets write_exif_directories(TIFF* tiff, const ExifDirectories& directories);

/// Camera, author, time and the like, and where the directories lie.
void set_exif_fields(TIFF* tiff, const ExifDirectories& directories, const TiffExifOffsets& offsets);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Which entries of a camera's file still hold in a DNG made of it.
#pragma once

#include <cstdint>

namespace rdenoise {

/// Of the main directory: what people wrote about the photo, and from a DNG the colour facts too.
[[nodiscard]] bool carried_from_main_directory(std::uint16_t tag, bool is_dng) noexcept;

/// Of the directory of a DNG's mosaic.
[[nodiscard]] bool carried_from_raw_directory(std::uint16_t tag) noexcept;

/// Of the EXIF directory: all but pointers into the old file and facts of a JPEG. The maker note goes its own way.
[[nodiscard]] bool carried_from_exif(std::uint16_t tag) noexcept;

/// EXIF facts that TIFF/EP files keep in the main directory.
[[nodiscard]] bool exif_in_main_directory(std::uint16_t tag) noexcept;

}  // namespace rdenoise

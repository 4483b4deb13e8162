// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds RAW photos by content, so that decodebin plugs rdrawdec. Much RAW is TIFF inside, and so are many ordinary
// pictures: of those, only files with a mosaic or a DNG version are taken.
#pragma once

#include <gst/gst.h>

#include <cstddef>
#include <span>

namespace rdenoise::gst {

inline constexpr const char* raw_photo_media_type = "image/x-raw-photo";

gboolean register_raw_typefinder(GstPlugin* plugin);

/// True if the first bytes could be the start of a RAW file; true for any TIFF.
[[nodiscard]] bool starts_like_raw(std::span<const std::byte> head) noexcept;

}  // namespace rdenoise::gst

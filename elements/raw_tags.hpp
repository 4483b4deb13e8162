// SPDX-License-Identifier: LGPL-2.1-or-later
// A camera's EXIF facts as GStreamer tags.
#pragma once

#include <gst/gst.h>

#include <rdenoise/raw.hpp>

namespace rdenoise::gst {

/// Tags of what is known; the caller owns the list, which may be empty.
[[nodiscard]] GstTagList* make_raw_tags(const RawMetadata& metadata);

}  // namespace rdenoise::gst

// SPDX-License-Identifier: LGPL-2.1-or-later
// The main directory of a DNG: camera, colours, author, record.
#pragma once

#include <rdenoise/raw.hpp>

#include "raw/tiff_directory.hpp"

namespace rdenoise {

/// Without the preview's own entries.
[[nodiscard]] TiffDirectory camera_directory(const RawMetadata& metadata);

}  // namespace rdenoise

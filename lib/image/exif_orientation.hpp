// SPDX-License-Identifier: LGPL-2.1-or-later
// The one EXIF field that changes what a picture looks like. TIFF files carry it as a tag of their own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rdenoise {

/// 1 … 8; 1 (upright) if the block says nothing or is damaged.
[[nodiscard]] int exif_orientation(std::span<const std::byte> exif) noexcept;

/// The smallest EXIF block that says so.
[[nodiscard]] std::vector<std::byte> exif_with_orientation(int orientation);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures smaller than a block are mirrored at their edges until one fits.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// The picture, continued to the right and below as if mirrored at its edges, at least width_px × height_px large.
[[nodiscard]] Image mirrored_to(const Image& picture, int width_px, int height_px);

/// The upper left part.
[[nodiscard]] Image cropped_to(const Image& picture, int width_px, int height_px);

}  // namespace rdenoise

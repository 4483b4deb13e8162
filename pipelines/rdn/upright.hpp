// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns a picture the way the camera was held.
#pragma once

#include <rdenoise/image.hpp>

namespace rdn {

/// orientation  EXIF 1 … 8: where row 0 and column 0 of the stored picture lie on the scene; others count as 1
[[nodiscard]] rdenoise::Image upright(rdenoise::Image image, int orientation);

}  // namespace rdn

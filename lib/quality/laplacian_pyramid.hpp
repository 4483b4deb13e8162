// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "quality/plane.hpp"

namespace rdenoise {

/// Burt, Adelson, "The Laplacian pyramid as a compact image code", IEEE Trans. Commun. 1983: band-pass pictures, finest
/// first, and the low-pass rest last. The filter is 1 4 6 4 1 with sum √2, so signals double from level to level, as in
/// the toolbox that IW-SSIM was published with; borders are mirrored at the outer pixel.
///
/// src  at least 3×3 pixels at the coarsest level
[[nodiscard]] std::vector<DoublePlane> laplacian_pyramid(const PlaneView& src, int level_count);

}  // namespace rdenoise

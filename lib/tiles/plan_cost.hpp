// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of a plan's time that planners weigh.
#pragma once

#include <rdenoise/tiles.hpp>

namespace rdenoise {

/// Rounds of windows of tiles that start when they can. A worker follows its neighbour `lag` of a window behind.
[[nodiscard]] double rounds(int n_tiles, int n_threads, double lag);

/// The same in lockstep, where workers take turns at all tiles, layer by layer: what does not come out even is a layer,
/// not a tile.
[[nodiscard]] double lockstep_rounds(int n_tiles, int n_threads, int depth);

/// 1 or more.
[[nodiscard]] double relative_cost(const WindowCost& window_cost, int height_px, int width_px, int in_turn);

}  // namespace rdenoise

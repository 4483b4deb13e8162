// SPDX-License-Identifier: LGPL-2.1-or-later
// The tile plan: a plain value. A WorkerPool (parallel.hpp) runs it.
#pragma once

#include <cstdint>
#include <vector>

namespace rdenoise {

/// Position of the upper left corner, and size.
struct Rect {
  int x_px = 0;
  int y_px = 0;
  int width_px = 0;
  int height_px = 0;
  bool operator==(const Rect&) const = default;
};

/// One tile: what is read (with halo, inside the frame) and what of it is kept.
struct Tile {
  Rect window;
  Rect core;
  bool operator==(const Tile&) const = default;
};

/// All windows of a plan have one size, so one prepared network serves them all. The cores cover the frame once,
/// without gap or overlap. A core keeps halo_px distance from each side of its window, except where the window ends at
/// the frame.
struct TilePlan {
  int frame_width_px = 0;   ///< multiple of alignment_px
  int frame_height_px = 0;  ///< multiple of alignment_px
  int halo_px = 0;
  int alignment_px = 1;
  int window_width_px = 0;
  int window_height_px = 0;
  std::vector<Tile> tiles;
  bool operator==(const TilePlan&) const = default;

  /// Work done beyond the frame's own: Σ window area / frame area − 1.
  [[nodiscard]] double halo_overhead() const noexcept;
};

struct TileRequest {
  int frame_width_px = 0;
  int frame_height_px = 0;
  int halo_px = 0;  ///< multiple of alignment_px
  int alignment_px = 1;
  int core_size_px = 0;  ///< 0: the plan of least cost is sought; else the wished edge of a core
  int n_threads = 1;     ///< tiles should come in multiples of it
  std::int64_t max_window_px =
      640 * 640;  ///< largest window area: bounds a worker's memory and keeps it near the caches
};

/// Searches the grid (columns × rows) of least total work in rounds of n_threads equal windows.
/// throws  Error{invalid_argument} if sizes are below 1 or not multiples of alignment_px
[[nodiscard]] TilePlan plan_tiles(const TileRequest& request);

}  // namespace rdenoise

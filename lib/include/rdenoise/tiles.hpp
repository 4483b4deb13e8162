// SPDX-License-Identifier: LGPL-2.1-or-later
// The tile plan: a plain value. A WorkerPool (parallel.hpp) runs it.
#pragma once

#include <cstdint>
#include <functional>
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
/// without gap or overlap. Tiles stand row by row.
///
/// Overlapping plans (skew_px 0): each tile by itself. A core keeps halo_px distance from each side of its window,
/// except where the window ends at the frame.
///
/// Skewed plans, for chains of 3×3 convolutions: tiles hand their borders to the right and down, layer by layer, and
/// nothing is computed twice. Each layer's tile lies one cell further to the left and up than the layer before, so a
/// core lies skew_px left of and above what its tile reads, and windows reach beyond the frame; see plan_skewed_tiles.
///
/// Plans in lockstep, for the same chains: tiles in one row or one column are all under way at the same time and show
/// each other their borders after each layer; see plan_lockstep.
struct TilePlan {
  int frame_width_px = 0;   ///< multiple of alignment_px
  int frame_height_px = 0;  ///< multiple of alignment_px
  int halo_px = 0;
  int alignment_px = 1;
  int window_width_px = 0;
  int window_height_px = 0;
  int skew_px = 0;         ///< of the last layer against the first
  int lockstep_depth = 0;  ///< number of convolutions that the tiles take in lockstep; 0: tiles do not
  int columns = 1;
  int rows = 1;
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

/// Time for a pixel of a window of this size, relative to the best size: 1 or more. Empty: all alike.
/// in_turn  windows that a worker takes in turn, layer by layer: 1 but in lockstep
using WindowCost = std::function<double(int height_px, int width_px, int in_turn)>;

struct SkewedTileRequest {
  int frame_width_px = 0;   ///< multiple of cell_px
  int frame_height_px = 0;  ///< multiple of cell_px
  int cell_px = 1;          ///< a pixel of the convolutions
  int depth = 1;            ///< number of convolutions, each 3×3
  int core_size_px = 0;     ///< 0: the plan of least cost is sought; else the wished edge of a core
  int n_threads = 1;
  std::int64_t max_window_px = 640 * 640;
  WindowCost window_cost;
};

/// Along an axis with several tiles, tile k of steps of m cells reads the cells from k·m − 1 to (k + 1)·m + 1, of which
/// the outer ones are the border of the first layer. Layer l (0, 1, …) then computes k·m − l … (k + 1)·m − l on a
/// window of m + 2 cells, whose first two are what its left or upper neighbour handed on. Along an axis with one tile,
/// the window is the frame, and there is no skew. throws  Error{invalid_argument} if sizes are below 1 or not multiples
/// of cell_px
[[nodiscard]] TilePlan plan_skewed_tiles(const SkewedTileRequest& request);

struct LockstepRequest {
  int frame_width_px = 0;   ///< multiple of cell_px
  int frame_height_px = 0;  ///< multiple of cell_px
  int cell_px = 1;          ///< a pixel of the convolutions
  int depth = 1;            ///< number of convolutions, each 3×3
  int core_size_px = 0;     ///< 0: the plan of least cost is sought; else the wished height of a band
  int n_threads = 1;
  WindowCost window_cost;
};

/// Cuts the frame into bands, rows or columns. A band's window has a cell more than its core at each side where it has
/// a neighbour, as overlapping plans with a halo of one cell: no layer computes the outermost cells rightly, and they
/// come from the neighbour instead. Bands are at least three cells high, so that whoever is two bands away does not
/// read what a band writes. One tile, and no lockstep, if the frame is too small to be cut.
/// throws  Error{invalid_argument} if sizes are below 1 or not multiples of cell_px
[[nodiscard]] TilePlan plan_lockstep(const LockstepRequest& request);

/// Time of a plan, in pixels of the best window: what its windows cost, in rounds of n_threads.
[[nodiscard]] double plan_cost(const TilePlan& plan, int n_threads, const WindowCost& window_cost);

}  // namespace rdenoise

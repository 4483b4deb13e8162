// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>
#include <string>

#include "tiles/plan_cost.hpp"

namespace rdenoise {
namespace {

int divided_up(int a, int b) { return (a + b - 1) / b; }

/// Tiles along one axis, in cells.
struct AxisCut {
  int count = 1;
  int window = 0;
  int step = 0;
};

/// An axis of the frame.
class Axis {
 public:
  Axis(int frame_px, const SkewedTileRequest& request)
      : frame_(frame_px / request.cell_px), skew_(request.depth - 1), cell_px_(request.cell_px) {}

  [[nodiscard]] int frame() const { return frame_; }
  [[nodiscard]] AxisCut whole() const { return {1, frame_, frame_}; }
  /// The last layer's tiles must reach the end of the frame.
  [[nodiscard]] AxisCut cut(int step) const {
    return step >= frame_ ? whole() : AxisCut{divided_up(frame_ + skew_, step), step + border, step};
  }

  [[nodiscard]] int window_begin_px(const AxisCut& cut, int index) const {
    return cut.count == 1 ? 0 : (index * cut.step - 1) * cell_px_;
  }
  [[nodiscard]] int core_begin_px(const AxisCut& cut, int index) const {
    if (cut.count == 1) return index == 0 ? 0 : frame_ * cell_px_;
    return std::clamp(index * cut.step - skew_, 0, frame_) * cell_px_;
  }

  static constexpr int border = 2;  ///< a window is this much larger than its step

 private:
  int frame_;
  int skew_;
  int cell_px_;
};

struct Grid {
  AxisCut columns;
  AxisCut rows;
};

class Search {
 public:
  Search(const SkewedTileRequest& request, const Axis& x, const Axis& y) : request_(request) {
    for (const AxisCut& columns : cuts(x))
      for (const AxisCut& rows : cuts(y)) add({columns, rows});
  }

  /// A window costs at least its area. So nothing better comes after the first candidate whose area alone costs more
  /// than the best; few windows are asked for.
  [[nodiscard]] Grid cheapest() {
    std::ranges::sort(candidates_, {}, &Candidate::least_cost);
    const Candidate* best = nullptr;
    double best_cost = std::numeric_limits<double>::infinity();
    for (const Candidate& candidate : candidates_) {
      if (candidate.least_cost >= best_cost) break;
      const Grid& grid = candidate.grid;
      const double cost =
          candidate.least_cost * relative_cost(request_.window_cost, grid.rows.window * request_.cell_px,
                                               grid.columns.window * request_.cell_px, 1);
      if (cost >= best_cost) continue;
      best = &candidate;
      best_cost = cost;
    }
    return best->grid;
  }

 private:
  struct Candidate {
    Grid grid;
    double least_cost;
  };

  /// Windows in multiples of Winograd's tiles; smaller ones than these are mostly border.
  static constexpr int granularity = 4;
  static constexpr int least_window = 64;

  [[nodiscard]] std::int64_t max_window_cells() const {
    return std::max(request_.max_window_px / request_.cell_px / request_.cell_px,
                    std::int64_t{least_window} * least_window);
  }

  [[nodiscard]] std::vector<AxisCut> cuts(const Axis& axis) const {
    std::vector<AxisCut> cuts{axis.whole()};
    for (int window = least_window; window < axis.frame() && window <= max_window_cells() / least_window;
         window += granularity)
      cuts.push_back(axis.cut(window - Axis::border));
    return cuts;
  }

  void add(const Grid& grid) {
    const std::int64_t area = std::int64_t{grid.rows.window} * grid.columns.window;
    // A frame that is narrow in one direction has no smaller window than the least in the other.
    const bool is_least = grid.rows.window <= least_window && grid.columns.window <= least_window;
    if (area > max_window_cells() && !is_least) return;
    candidates_.push_back({grid, static_cast<double>(area) * rounds(grid.rows.count * grid.columns.count,
                                                                    request_.n_threads, 1.0 / request_.depth)});
  }

  const SkewedTileRequest& request_;
  std::vector<Candidate> candidates_;
};

void check(const SkewedTileRequest& request) {
  const auto fail = [](const std::string& expected, std::int64_t found) {
    throw Error(ErrorCode::invalid_argument,
                "planning skewed tiles: expected " + expected + ", found " + std::to_string(found));
  };
  if (request.cell_px < 1) fail("a cell of 1 px or more", request.cell_px);
  if (request.depth < 1) fail("1 convolution or more", request.depth);
  if (request.n_threads < 1) fail("1 thread or more", request.n_threads);
  if (request.max_window_px < 1) fail("a largest window of 1 px or more", request.max_window_px);
  if (request.core_size_px < 0) fail("a core of 0 px (chosen) or more", request.core_size_px);
  for (const int size : {request.frame_width_px, request.frame_height_px})
    if (size < 1 || size % request.cell_px != 0)
      fail("a frame size in multiples of " + std::to_string(request.cell_px) + " px", size);
}

}  // namespace

TilePlan plan_skewed_tiles(const SkewedTileRequest& request) {
  check(request);
  const Axis x(request.frame_width_px, request);
  const Axis y(request.frame_height_px, request);
  const int step = std::max(request.core_size_px / request.cell_px, 1);
  const Grid grid = request.core_size_px > 0 ? Grid{x.cut(step), y.cut(step)} : Search(request, x, y).cheapest();

  TilePlan plan{.frame_width_px = request.frame_width_px,
                .frame_height_px = request.frame_height_px,
                .halo_px = request.cell_px,
                .alignment_px = request.cell_px,
                .window_width_px = grid.columns.window * request.cell_px,
                .window_height_px = grid.rows.window * request.cell_px,
                .skew_px = (request.depth - 1) * request.cell_px,
                .columns = grid.columns.count,
                .rows = grid.rows.count,
                .tiles = {}};
  plan.tiles.reserve(static_cast<std::size_t>(plan.columns) * plan.rows);
  for (int row = 0; row < plan.rows; ++row)
    for (int column = 0; column < plan.columns; ++column) {
      const int core_x = x.core_begin_px(grid.columns, column);
      const int core_y = y.core_begin_px(grid.rows, row);
      plan.tiles.push_back({{x.window_begin_px(grid.columns, column), y.window_begin_px(grid.rows, row),
                             plan.window_width_px, plan.window_height_px},
                            {core_x, core_y, x.core_begin_px(grid.columns, column + 1) - core_x,
                             y.core_begin_px(grid.rows, row + 1) - core_y}});
    }
  return plan;
}

}  // namespace rdenoise

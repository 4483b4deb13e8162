// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>
#include <string>

namespace rdenoise {
namespace {

int divided_up(int a, int b) { return (a + b - 1) / b; }

/// Windows along one axis: `count` of one size, a multiple of the alignment.
struct AxisSplit {
  int count = 1;
  int window_px = 0;
};

/// An axis of the frame. A window that is no frame wide keeps 2·halo + m pixels, and m of them are new in each step: so
/// count windows reach over 2·halo + count·m.
class Axis {
 public:
  Axis(int frame_px, const TileRequest& request)
      : frame_px_(frame_px), halo_px_(request.halo_px), alignment_px_(request.alignment_px) {}

  [[nodiscard]] int frame_px() const { return frame_px_; }

  /// Steps of m pixels; the fewest windows that reach over the frame.
  [[nodiscard]] AxisSplit split_by_step(int step_px) const {
    step_px = divided_up(step_px, alignment_px_) * alignment_px_;
    if (step_px >= frame_px_ - 2 * halo_px_) return {1, frame_px_};
    return {divided_up(frame_px_ - 2 * halo_px_, step_px), 2 * halo_px_ + step_px};
  }

  /// At most `count` windows, as small as they may be.
  [[nodiscard]] AxisSplit split_by_count(int count) const {
    return split_by_step(std::max(divided_up(frame_px_ - 2 * halo_px_, count), 1));
  }

  /// The fewest windows that are no larger than max_window_px; as small as they can be if none is small enough.
  [[nodiscard]] AxisSplit split_by_window(std::int64_t max_window_px) const {
    if (max_window_px >= frame_px_) return {1, frame_px_};
    const auto step_px = (max_window_px - 2 * halo_px_) / alignment_px_ * alignment_px_;
    return split_by_step(static_cast<int>(std::max<std::int64_t>(step_px, alignment_px_)));
  }

  /// Spread evenly; neighbours are at most a step apart, because frame, window and step are multiples of the alignment.
  [[nodiscard]] int window_begin(const AxisSplit& split, int index) const {
    if (split.count == 1) return 0;
    const std::int64_t slack = (frame_px_ - split.window_px) / alignment_px_;
    return static_cast<int>(slack * index / (split.count - 1)) * alignment_px_;
  }

  /// Where the core of window `index` begins, and the one before it ends.
  [[nodiscard]] int core_begin(const AxisSplit& split, int index) const {
    if (index == 0) return 0;
    return index == split.count ? frame_px_ : window_begin(split, index) + halo_px_;
  }

 private:
  int frame_px_;
  int halo_px_;
  int alignment_px_;
};

struct Grid {
  AxisSplit columns;
  AxisSplit rows;

  [[nodiscard]] std::int64_t window_area() const { return std::int64_t{columns.window_px} * rows.window_px; }
  /// Windows that the threads could compute meanwhile: an idle thread costs as much as a busy one.
  [[nodiscard]] std::int64_t cost(int n_threads) const {
    const std::int64_t count = std::int64_t{columns.count} * rows.count;
    return (count + n_threads - 1) / n_threads * n_threads * window_area();
  }
};

Grid cheapest_grid(const Axis& x, const Axis& y, const TileRequest& request) {
  // Below four halos a window is mostly halo, so the limit gives way.
  const std::int64_t least_edge_px = 4 * std::int64_t{request.halo_px} + request.alignment_px;
  const std::int64_t max_area = std::max(request.max_window_px, least_edge_px * least_edge_px);

  Grid best;
  std::int64_t best_cost = std::numeric_limits<std::int64_t>::max();
  for (int columns = 1; columns <= x.frame_px(); ++columns) {
    const AxisSplit split_x = x.split_by_count(columns);
    // Halos add up: neither this nor a larger number of columns can be cheaper.
    if ((x.frame_px() + std::int64_t{2} * request.halo_px * (columns - 1)) * y.frame_px() >= best_cost) break;
    // Rounded up to the alignment, fewer columns do.
    if (split_x.count < columns) continue;
    // Among n_threads following numbers of rows one fills all rounds; more rows only add halo.
    const int fewest_rows = y.split_by_window(max_area / split_x.window_px).count;
    for (int rows = fewest_rows; rows < fewest_rows + request.n_threads; ++rows) {
      const Grid grid{split_x, y.split_by_count(rows)};
      if (grid.window_area() > max_area) continue;
      const std::int64_t cost = grid.cost(request.n_threads);
      if (cost < best_cost) {
        best = grid;
        best_cost = cost;
      }
    }
  }
  return best;
}

void check(const TileRequest& request) {
  const auto fail = [](const std::string& expected, std::int64_t found) {
    throw Error(ErrorCode::invalid_argument,
                "planning tiles: expected " + expected + ", found " + std::to_string(found));
  };
  const int alignment = request.alignment_px;
  if (alignment < 1) fail("an alignment of 1 or more", alignment);
  if (request.n_threads < 1) fail("1 thread or more", request.n_threads);
  if (request.max_window_px < 1) fail("a largest window of 1 px or more", request.max_window_px);
  if (request.core_size_px < 0) fail("a core of 0 px (chosen) or more", request.core_size_px);
  const std::string multiple = " in multiples of " + std::to_string(alignment) + " px";
  for (const int size : {request.frame_width_px, request.frame_height_px})
    if (size < 1 || size % alignment != 0) fail("a frame size" + multiple, size);
  if (request.halo_px < 0 || request.halo_px % alignment != 0) fail("a halo" + multiple, request.halo_px);
}

}  // namespace

double TilePlan::halo_overhead() const noexcept {
  const double frame_area = static_cast<double>(frame_width_px) * frame_height_px;
  if (frame_area <= 0.0) return 0.0;
  return static_cast<double>(window_width_px) * window_height_px * static_cast<double>(tiles.size()) / frame_area - 1.0;
}

TilePlan plan_tiles(const TileRequest& request) {
  check(request);
  const Axis x(request.frame_width_px, request);
  const Axis y(request.frame_height_px, request);
  const Grid grid = request.core_size_px > 0
                        ? Grid{x.split_by_step(request.core_size_px), y.split_by_step(request.core_size_px)}
                        : cheapest_grid(x, y, request);

  TilePlan plan{.frame_width_px = request.frame_width_px,
                .frame_height_px = request.frame_height_px,
                .halo_px = request.halo_px,
                .alignment_px = request.alignment_px,
                .window_width_px = grid.columns.window_px,
                .window_height_px = grid.rows.window_px,
                .columns = grid.columns.count,
                .rows = grid.rows.count,
                .tiles = {}};
  plan.tiles.reserve(static_cast<std::size_t>(grid.columns.count) * grid.rows.count);
  for (int row = 0; row < grid.rows.count; ++row)
    for (int column = 0; column < grid.columns.count; ++column) {
      const int core_x = x.core_begin(grid.columns, column);
      const int core_y = y.core_begin(grid.rows, row);
      plan.tiles.push_back({{x.window_begin(grid.columns, column), y.window_begin(grid.rows, row), plan.window_width_px,
                             plan.window_height_px},
                            {core_x, core_y, x.core_begin(grid.columns, column + 1) - core_x,
                             y.core_begin(grid.rows, row + 1) - core_y}});
    }
  return plan;
}

}  // namespace rdenoise

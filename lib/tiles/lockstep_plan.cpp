// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>
#include <string>

#include "tiles/plan_cost.hpp"

namespace rdenoise {
namespace {

constexpr int border = 1;
constexpr int least_band = 3;
/// What a row of a window costs beside its pixels, in pixels: convolutions work in pieces of 16 and more. With 16
/// channels in bf16 (AMX), windows of 42 pixels take 1.16 times the time of windows of 82.
constexpr double row_end = 4.0;
/// More bands than workers let those who are ahead take from one who is held up.
constexpr int most_bands_per_thread = 4;

int divided_up(int a, int b) { return (a + b - 1) / b; }

/// The frame along the axis that is cut, in cells.
struct AxisCut {
  int frame = 0;
  int count = 1;
  int window = 0;

  AxisCut(int frame_cells, int wished_band) : frame(frame_cells), window(frame_cells) {
    const int inner = frame - 2 * border;
    if (std::max(wished_band, least_band) >= inner) return;
    // As low as they may be for so many.
    const int band = std::max(divided_up(inner, divided_up(inner, wished_band)), least_band);
    count = divided_up(inner, band);
    window = band + 2 * border;
  }

  [[nodiscard]] int window_begin(int index) const {
    return count == 1 ? 0 : static_cast<int>(std::int64_t{frame - window} * index / (count - 1));
  }
  [[nodiscard]] int core_begin(int index) const {
    return index == 0 ? 0 : index == count ? frame : window_begin(index) + border;
  }
};

/// Bands one above the other, or side by side.
TilePlan cut(const LockstepRequest& request, bool by_rows, int wished_band) {
  const AxisCut axis((by_rows ? request.frame_height_px : request.frame_width_px) / request.cell_px, wished_band);
  const int window_px = axis.window * request.cell_px;
  TilePlan plan{.frame_width_px = request.frame_width_px,
                .frame_height_px = request.frame_height_px,
                .halo_px = request.cell_px,
                .alignment_px = request.cell_px,
                .window_width_px = by_rows ? request.frame_width_px : window_px,
                .window_height_px = by_rows ? window_px : request.frame_height_px,
                .lockstep_depth = axis.count > 1 ? request.depth : 0,
                .columns = by_rows ? 1 : axis.count,
                .rows = by_rows ? axis.count : 1,
                .tiles = {}};
  const auto part = [&](int begin_px, int size_px) {
    return by_rows ? Rect{0, begin_px, plan.frame_width_px, size_px} : Rect{begin_px, 0, size_px, plan.frame_height_px};
  };
  for (int i = 0; i < axis.count; ++i)
    plan.tiles.push_back(
        {part(axis.window_begin(i) * request.cell_px, window_px),
         part(axis.core_begin(i) * request.cell_px, (axis.core_begin(i + 1) - axis.core_begin(i)) * request.cell_px)});
  return plan;
}

TilePlan cheapest(const LockstepRequest& request) {
  TilePlan best;
  double least = std::numeric_limits<double>::infinity();
  for (const bool by_rows : {true, false}) {
    const int inner = (by_rows ? request.frame_height_px : request.frame_width_px) / request.cell_px - 2 * border;
    // As many for each thread: three bands on two threads are no faster than two, since the third band's step is done
    // by one thread while the other already needs it.
    for (int each = 1; each <= most_bands_per_thread; ++each) {
      TilePlan plan = cut(request, by_rows, divided_up(std::max(inner, 1), each * request.n_threads));
      const double row_ends = 1.0 + row_end * request.cell_px / plan.window_width_px;
      const double cost = row_ends * plan_cost(plan, request.n_threads, request.window_cost);
      if (cost >= least) continue;
      best = std::move(plan);
      least = cost;
    }
  }
  return best;
}

void check(const LockstepRequest& request) {
  const auto fail = [](const std::string& expected, int found) {
    throw Error(ErrorCode::invalid_argument,
                "planning bands in lockstep: expected " + expected + ", found " + std::to_string(found));
  };
  if (request.cell_px < 1) fail("a cell of 1 px or more", request.cell_px);
  if (request.depth < 1) fail("1 convolution or more", request.depth);
  if (request.n_threads < 1) fail("1 thread or more", request.n_threads);
  if (request.core_size_px < 0) fail("a core of 0 px (chosen) or more", request.core_size_px);
  for (const int size : {request.frame_width_px, request.frame_height_px})
    if (size < 1 || size % request.cell_px != 0)
      fail("a frame size in multiples of " + std::to_string(request.cell_px) + " px", size);
}

}  // namespace

TilePlan plan_lockstep(const LockstepRequest& request) {
  check(request);
  if (request.core_size_px > 0)
    return cut(request, request.frame_height_px >= request.frame_width_px,
               std::max(request.core_size_px / request.cell_px, 1));
  return cheapest(request);
}

}  // namespace rdenoise

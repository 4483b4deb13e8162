// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tiles/plan_cost.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

/// How much longer one worker takes than another for the same: with two cores to themselves 2 … 10 %, beside a busy
/// process as long again. Whoever is done waits so much of a tile: at the end for the last one, in lockstep for a band
/// after each layer.
constexpr double unevenness = 0.1;

}  // namespace

double rounds(int n_tiles, int n_threads, double lag) {
  const int threads = std::min(n_threads, n_tiles);
  return (n_tiles + threads - 1) / threads + lag * (threads - 1);
}

double lockstep_rounds(int n_tiles, int n_threads, int depth) {
  const int threads = std::min(n_threads, n_tiles);
  const int n_steps = n_tiles * depth;
  return static_cast<double>((n_steps + threads - 1) / threads) / depth;
}

double relative_cost(const WindowCost& window_cost, int height_px, int width_px, int in_turn) {
  return window_cost ? std::max(window_cost(height_px, width_px, in_turn), 1.0) : 1.0;
}

double plan_cost(const TilePlan& plan, int n_threads, const WindowCost& window_cost) {
  const double area = static_cast<double>(plan.window_width_px) * plan.window_height_px;
  const int n_tiles = static_cast<int>(plan.tiles.size());
  const double lag = plan.skew_px == 0 ? 0.0 : 1.0 / (plan.skew_px / plan.alignment_px + 1);
  const bool in_lockstep = plan.lockstep_depth > 0;
  const int in_turn = in_lockstep ? (n_tiles + n_threads - 1) / n_threads : 1;
  const double even =
      in_lockstep ? lockstep_rounds(n_tiles, n_threads, plan.lockstep_depth) : rounds(n_tiles, n_threads, lag);
  const double waiting = std::min(n_tiles, n_threads) > 1 ? unevenness : 0.0;
  return area * relative_cost(window_cost, plan.window_height_px, plan.window_width_px, in_turn) * (even + waiting);
}

}  // namespace rdenoise

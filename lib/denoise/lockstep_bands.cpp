// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/lockstep_bands.hpp"

#include <functional>

namespace rdenoise {
namespace {

LockstepCut cut_of(const TilePlan& plan) {
  LockstepCut cut{plan.rows > 1, plan.window_width_px, plan.window_height_px, {}};
  for (const Tile& tile : plan.tiles) cut.window_begins_px.push_back(cut.by_rows ? tile.window.y_px : tile.window.x_px);
  return cut;
}

}  // namespace

LockstepBands::LockstepBands(const Executor& executor, const TilePlan& plan, WorkerPool& workers)
    : network_(executor.prepare_lockstep(cut_of(plan))), bands_(plan.tiles.size()) {
  workers.run(static_cast<int>(bands_.size()), [&](int, int index) {
    Band& band = bands_[static_cast<std::size_t>(index)];
    band.run = network_->prepare_band(index);
    band.scratch.resize(static_cast<std::size_t>(plan.window_width_px + 1) / 2);
  });
}

void LockstepBands::run(const TilePlan& plan, const Pass& pass, const PassInputs& inputs, WorkerPool& workers) {
  const auto work = [&](int index, int step) {
    auto& [run, scratch] = bands_[static_cast<std::size_t>(index)];
    const Tile& tile = plan.tiles[static_cast<std::size_t>(index)];
    if (step == 0) {
      fill_window(pass, inputs, tile.window, run->image(), run->noise_map(), scratch);
      run->set_strength(static_cast<float>(inputs.strength));
    }
    run->run_step(step);
    if (step + 1 == plan.lockstep_depth) put_out(pass, inputs.stabiliser, tile, run->output(), run->image(), scratch);
  };
  // By reference: a std::function would put the captures on the heap.
  workers.run_lockstep({static_cast<int>(bands_.size()), plan.lockstep_depth}, std::cref(work));
}

}  // namespace rdenoise

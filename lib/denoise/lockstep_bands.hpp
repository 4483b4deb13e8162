// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture denoised on a plan in lockstep: all bands at once, layer by layer, by as many workers as there are.
#pragma once

#include <memory>
#include <rdenoise/lockstep_network.hpp>
#include <rdenoise/parallel.hpp>
#include <vector>

#include "denoise/window_transfer.hpp"

namespace rdenoise {

/// A network made ready for the bands of a plan.
class LockstepBands {
 public:
  LockstepBands(const Executor& executor, const TilePlan& plan, WorkerPool& workers);
  /// The picture may be its own destination: a band writes when its neighbours have read, and others read nothing
  /// there.
  void run(const TilePlan& plan, const Pass& pass, const PassInputs& inputs, WorkerPool& workers);

 private:
  struct Band {
    std::unique_ptr<LockstepBand> run;
    std::vector<float> scratch;
  };

  std::unique_ptr<LockstepNetwork> network_;
  std::vector<Band> bands_;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture denoised on a skewed plan: each worker fills a window, runs the network's layers in step with the tiles to
// the left and above, and writes the core, which lies where the last layer has moved to.
#pragma once

#include <memory>
#include <rdenoise/parallel.hpp>
#include <rdenoise/skewed_network.hpp>
#include <vector>

#include "denoise/window_transfer.hpp"

namespace rdenoise {

/// True if a plan in cells of this size keeps the sites of a mosaic in phase.
[[nodiscard]] bool may_skew(InputDomain input, const SkewedChain& chain) noexcept;

/// Networks made ready for the windows of a plan, for all workers, and the borders between them.
class SkewedTiles {
 public:
  SkewedTiles(const Executor& executor, const TilePlan& plan, WorkerPool& workers);
  void run(const TilePlan& plan, const Pass& pass, const PassInputs& inputs, WorkerPool& workers);

 private:
  struct Worker {
    std::unique_ptr<SkewedRun> run;
    std::vector<float> scratch;
  };

  SkewedGrid grid_;
  std::unique_ptr<SkewedNetwork> network_;
  std::vector<Worker> workers_;
};

}  // namespace rdenoise

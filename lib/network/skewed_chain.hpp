// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds in a plan the chain of convolutions that skewed tiles need.
#pragma once

#include <optional>
#include <vector>

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

struct ChainSteps {
  int cell_px = 1;
  int depth = 0;
  /// By step: the layer (0, 1, …) whose result the step has completed, and whose borders tiles share; −1: none.
  std::vector<int> border_layer;
  /// The first step that reads the picture for the second time, where the output lies; −1: none.
  int refill_before = -1;
};

/// Nothing unless the plan is a chain: every convolution 3×3 (or 1×1), on one resolution, each result read by the next
/// only, and the picture itself again at most together with the last.
[[nodiscard]] std::optional<ChainSteps> find_chain(const NetworkSpec& spec, const ExecutionPlan& plan);

}  // namespace rdenoise::onednn

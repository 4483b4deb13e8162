// SPDX-License-Identifier: LGPL-2.1-or-later
// How well the convolutions of a plan run on windows of one size.
#pragma once

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

/// Time for a pixel, relative to windows of the best size: which of Winograd's algorithms there is, and whether the
/// layers stay in the cache.
/// in_turn    windows that a worker takes in turn, layer by layer
/// is_padded  the convolutions may choose a size a few pixels larger
[[nodiscard]] double window_cost(const NetworkSpec& spec, const ExecutionPlan& plan, int height_px, int width_px,
                                 int in_turn, bool is_padded);

}  // namespace rdenoise::onednn

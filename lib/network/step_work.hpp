// SPDX-License-Identifier: LGPL-2.1-or-later
// What a step of the oneDNN executor does, for StageRecorder.
#pragma once

#include <rdenoise/stage_times.hpp>

#include "network/onednn_moves.hpp"
#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

/// index  of the step in the plan
/// spec   whose layers the steps name: without strides, so each convolution makes as many pixels as it takes
/// src    first input; the bytes of a second one are taken to be as many as dst's
[[nodiscard]] StageWork step_work(int index, const Step& step, const NetworkSpec& spec, const Activation& src,
                                  const Activation& dst);

}  // namespace rdenoise::onednn

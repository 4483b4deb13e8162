// SPDX-License-Identifier: LGPL-2.1-or-later
// When each value of a plan is alive.
#pragma once

#include <vector>

#include "network/onednn_arena.hpp"
#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

/// By value. What the caller sees lives through the whole run.
/// places  by value: the value in whose memory it lies, mostly itself
[[nodiscard]] std::vector<Lifetime> lifetimes_of(const ExecutionPlan& plan, const std::vector<std::size_t>& size_bytes,
                                                 const std::vector<int>& places);

}  // namespace rdenoise::onednn

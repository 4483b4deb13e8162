// SPDX-License-Identifier: LGPL-2.1-or-later
// The roofline picture: speed against arithmetic intensity, below what arithmetic and memory allow.
#pragma once

#include <rdenoise/chart.hpp>
#include <string>
#include <vector>

#include "memory_bandwidth.hpp"
#include "peak_flops.hpp"
#include "stage_split.hpp"

namespace rdn {

/// Source: Williams, Waterman, Patterson, "Roofline: an insightful visual performance model", CACM 2009. A point for
/// each step with arithmetic and one for all stages together. Winograd does fewer operations than it is counted for, so
/// it may stand above the roof.
[[nodiscard]] rdenoise::Chart roofline_chart(const std::string& title, const StageSplit& split,
                                             const std::vector<PeakRate>& peaks, const Bandwidth& bandwidth);

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
// What rdn bench prints of stages and peaks.
#pragma once

#include <vector>

#include "json_output.hpp"
#include "peak_flops.hpp"
#include "stage_split.hpp"

namespace rdn {

[[nodiscard]] Json stages_json(const StageSplit& split);
/// Milliseconds by part of the frame's way.
[[nodiscard]] Json split_json(const StageSplit& split);
[[nodiscard]] Json peaks_json(const std::vector<PeakRate>& peaks);

/// figures  whose single values are shown; the rest is in the tables below them
void print_table(const Json& figures, const StageSplit& split, const std::vector<PeakRate>& peaks);

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
// What oneDNN can do on this CPU, after ONEDNN_MAX_CPU_ISA.
#pragma once

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

[[nodiscard]] bool has_bf16() noexcept;

/// precision: f32 or bf16.
[[nodiscard]] LayoutRules layout_rules(Precision precision) noexcept;

}  // namespace rdenoise::onednn

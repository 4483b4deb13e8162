// SPDX-License-Identifier: LGPL-2.1-or-later
// What oneDNN can do on this CPU, after ONEDNN_MAX_CPU_ISA.
#pragma once

#include "network/onednn_plan.hpp"

namespace rdenoise::onednn {

[[nodiscard]] bool has_bf16() noexcept;
/// Convolutions from bf16 on tiles, several times as fast as f32's.
[[nodiscard]] bool has_amx() noexcept;
/// Convolutions from eight bits by kernels of their own.
[[nodiscard]] bool has_eight_bits() noexcept;
/// The largest magnitude of an eight-bit weight whose products this CPU adds up exactly.
[[nodiscard]] int most_weight_of_cpu() noexcept;

/// precision: f32, bf16 or int8, which says how the rest lies: in bf16 with AMX, else in f32.
[[nodiscard]] LayoutRules layout_rules(Precision precision) noexcept;

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 convolutions in bf16 on matrix units (AMX), by an own kernel: it reads and writes planes of f32 where a network
// begins and ends, which oneDNN would have to be given as whole pixels of bf16; see the table in the source.
#pragma once

#include <memory>

#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

/// By its shape. The source is whole pixels of bf16, or planes of f32 of at most most_planes channels; the result whole
/// pixels of bf16 or f32, or planes of f32 of at most most_planes channels.
[[nodiscard]] bool is_matrix_convolution(const Layer& convolution) noexcept;
constexpr int most_planes = 16;

/// Products of bf16, sums in f32. A planar source counts as the sum of two bf16, so that a picture keeps 16 bits: what
/// little noise a RAW photo has may be less than one step of bf16. Needs has_matrix_units().
/// src_block   channels of a source's pixel in memory, a multiple of 16; 1: planes
/// throws      never for what is_matrix_convolution() says yes to
[[nodiscard]] std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer& layer, const Weights& weights,
                                                                      int in_channels, int src_block);

}  // namespace rdenoise::onednn

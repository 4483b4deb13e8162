// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 convolutions at the edges of a network, to few channels and from few, by own kernels. oneDNN computes whole
// blocks of channels, so that its last layer of a denoiser costs as much as a layer in the middle.
#pragma once

#include <memory>
#include <rdenoise/network.hpp>
#include <span>

#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

/// Where the own kernels compute a convolution in less time than oneDNN: by its shape, and the CPU's lanes. Layouts are
/// the planner's matter.
[[nodiscard]] bool is_output_edge(const Layer& convolution, int in_channels) noexcept;
[[nodiscard]] bool is_input_edge(const Layer& convolution, int in_channels, int lanes) noexcept;
/// Where the own kernel computes one that oneDNN would have to bring into bf16 or eight bits first.
[[nodiscard]] bool may_be_input_edge(const Layer& convolution, int in_channels) noexcept;

/// To planar f32: from blocks of `lanes` channels in f32, or from whole pixels, padded to such blocks, in f32, bf16 or
/// u8. lanes   16 needs a CPU with AVX-512 (F, BW, DQ, VL), 8 one with AVX2 and FMA scales  u8: of each channel of the
/// source
[[nodiscard]] std::unique_ptr<OwnConvolution> make_output_edge(const Layer& layer, const Weights& weights,
                                                               int in_channels, int lanes,
                                                               std::span<const float> scales = {});

/// From planar f32 to what is read above; bf16 has 16 lanes. Takes in no sum.
/// scales  u8: of each channel of the result, which must have a relu
[[nodiscard]] std::unique_ptr<OwnConvolution> make_input_edge(const Layer& layer, const Weights& weights,
                                                              int in_channels, int lanes,
                                                              std::span<const float> scales = {});

/// False if this program was built without the kernels.
[[nodiscard]] bool has_edge_kernels() noexcept;

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 convolutions at the edges of a network, to few channels and from few, by own kernels. oneDNN computes whole
// blocks of channels, so that its last layer of a denoiser costs as much as a layer in the middle.
#pragma once

#include <memory>
#include <rdenoise/network.hpp>
#include <span>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

/// Where the own kernels compute a convolution in less time than oneDNN: by its shape, and the CPU's lanes. Layouts are
/// the planner's matter.
[[nodiscard]] bool is_output_edge(const Layer& convolution, int in_channels) noexcept;
[[nodiscard]] bool is_input_edge(const Layer& convolution, int in_channels, int lanes) noexcept;
/// Where the own kernel computes one that oneDNN would have to bring into bf16 or eight bits first.
[[nodiscard]] bool may_be_input_edge(const Layer& convolution, int in_channels) noexcept;

/// dst = base + sign · convolution; dst = convolution if base is nullptr. base: f32, planar.
struct EdgeSum {
  const Activation* base = nullptr;
  float sign = 1.0f;
};

/// Such a convolution with its weights. Knows no sizes.
class EdgeConvolution {
 public:
  virtual ~EdgeConvolution() = default;
  /// scratch: scratch_bytes(src, dst), aligned for vectors.  threads  safe
  virtual void run(const Activation& src, bool relu, EdgeSum sum, const Activation& dst, float* scratch) const = 0;
  [[nodiscard]] virtual std::size_t scratch_bytes(const Activation& src, const Activation& dst) const noexcept = 0;
  [[nodiscard]] virtual std::size_t memory_bytes() const noexcept = 0;
};

/// To planar f32: from blocks of `lanes` channels in f32, or from whole pixels, padded to such blocks, in f32, bf16 or
/// u8. lanes   16 needs a CPU with AVX-512 (F, BW, DQ, VL), 8 one with AVX2 and FMA scales  u8: of each channel of the
/// source
[[nodiscard]] std::unique_ptr<EdgeConvolution> make_output_edge(const Layer& layer, const Weights& weights,
                                                                int in_channels, int lanes,
                                                                std::span<const float> scales = {});

/// From planar f32 to what is read above; bf16 has 16 lanes. Takes in no sum.
/// scales  u8: of each channel of the result, which must have a relu
[[nodiscard]] std::unique_ptr<EdgeConvolution> make_input_edge(const Layer& layer, const Weights& weights,
                                                               int in_channels, int lanes,
                                                               std::span<const float> scales = {});

/// False if this program was built without the kernels.
[[nodiscard]] bool has_edge_kernels() noexcept;

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 convolutions to few channels, by an own kernel. oneDNN computes whole blocks of output channels, so that its last
// layer of a denoiser costs as much as a layer in the middle.
#pragma once

#include <rdenoise/network.hpp>
#include <vector>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

/// Where the own kernel computes a convolution in less time than oneDNN: 3×3, dense, and few outputs for its inputs.
/// Says nothing of layouts and of the CPU.
[[nodiscard]] bool is_edge_convolution(const Layer& convolution, int in_channels) noexcept;

/// dst = base + sign · convolution; dst = convolution if base is nullptr. base: f32, planar.
struct EdgeSum {
  const Activation* base = nullptr;
  float sign = 1.0f;
};

/// Such a convolution with its weights. Knows no sizes.
class EdgeConvolution {
 public:
  /// lanes  channels in a block of the source: 16 needs a CPU with AVX-512, 8 one with AVX2 and FMA
  EdgeConvolution(const Layer& layer, const Weights& weights, int in_channels, int lanes);

  /// src: f32 or, with 16 lanes, bf16, in blocks of `lanes`; dst: f32, planar. scratch: scratch_bytes(dst) aligned for
  /// vectors.  threads  safe
  void run(const Activation& src, bool relu, EdgeSum sum, const Activation& dst, float* scratch) const;

  [[nodiscard]] std::size_t scratch_bytes(const Activation& dst) const noexcept;
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  /// Outputs computed in one pass.
  struct Group {
    int first_output;
    int n_outputs;
    std::size_t first_weight;
  };
  struct alignas(64) CacheLine {
    float values[16];
  };

  void add_weights(const Group& group, const std::vector<float>& given, int in_channels);
  [[nodiscard]] const float* weights_of(const Group& group) const noexcept;
  [[nodiscard]] int rows_at_once() const noexcept;

  int lanes_;
  int n_blocks_;
  std::vector<Group> groups_;
  std::vector<CacheLine> weights_;  ///< of each group [block][ky][kx][output][lane]
  std::vector<float> bias_;
};

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// One convolution in oneDNN: which of its implementations, and the weights in the order that one wants.
#pragma once

#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <rdenoise/network.hpp>
#include <span>
#include <vector>

#include "network/onednn_moves.hpp"
#include "network/onednn_winograd.hpp"

namespace rdenoise::onednn {

/// Weights of one layer, channels padded as the layouts need: zero weights make the surplus channels zero.
class ConvolutionWeights {
 public:
  ConvolutionWeights(const Layer& layer, const Weights& weights, int in_channels, int padded_in_channels,
                     int padded_out_channels);

  /// From eight bits, where a result is (sum + bias) · output_scales.
  /// copies         in which the source is kept
  /// result_scales  of each channel of a result in eight bits; empty for one in f32
  /// most           largest magnitude of a weight
  ConvolutionWeights(const Layer& layer, const Weights& weights, const EightBitResult& source, int copies,
                     int padded_in_channels, int padded_out_channels, std::span<const float> result_scales, int most);

  [[nodiscard]] const std::vector<float>& output_scales() const noexcept { return output_scales_; }
  [[nodiscard]] dnnl::memory bias() const;
  /// The weights in the given order: made once, then shared by all runs.  threads  safe
  [[nodiscard]] dnnl::memory in_order(const dnnl::memory::desc& wanted) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  dnnl::memory::dims dims_;
  std::vector<float> values_;         ///< [out, in, k, k]
  std::vector<std::int8_t> numbers_;  ///< in their place, from eight bits
  std::vector<float> output_scales_;  ///< from eight bits
  std::vector<float> bias_;
  mutable std::mutex mutex_;
  mutable std::vector<dnnl::memory> reordered_;
};

/// The engine of all executors.
[[nodiscard]] dnnl::engine& cpu_engine();

/// True if Winograd may be tried: 3×3, dense on its sub-grids, f32 in blocks of 16 channels.
[[nodiscard]] bool may_winograd(const Layer& layer, int sub_grid, Layout src, Layout dst) noexcept;

/// Picks Winograd where oneDNN has it, else the direct algorithm; see the source for the measured reasons.
/// output_scales  from eight bits: of each padded channel
[[nodiscard]] dnnl::convolution_forward::primitive_desc choose_convolution(const Layer& layer, const Activation& src,
                                                                           const Activation& dst, bool relu,
                                                                           std::span<const float> output_scales = {});

/// Winograd puts out tiles of 4×4 or of 2×2 pixels: F(4×4, 3×3), F(2×2, 3×3).
enum class WinogradTile { px_4x4, px_2x2 };

/// Empty if this CPU has none.
[[nodiscard]] dnnl::convolution_forward::primitive_desc describe_winograd(WinogradShape shape, Extent extent,
                                                                          WinogradTile tile, bool relu);

}  // namespace rdenoise::onednn

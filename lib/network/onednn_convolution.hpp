// SPDX-License-Identifier: LGPL-2.1-or-later
// One convolution in oneDNN: which of its implementations, and the weights in the order that one wants.
#pragma once

#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <rdenoise/network.hpp>
#include <utility>
#include <vector>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

/// Weights of one layer, channels padded as the layouts need: zero weights make the surplus channels zero.
class ConvolutionWeights {
 public:
  ConvolutionWeights(const Layer& layer, const Weights& weights, int in_channels, int padded_in_channels,
                     int padded_out_channels);

  [[nodiscard]] int kernel() const noexcept { return kernel_; }
  [[nodiscard]] int dilation() const noexcept { return dilation_; }
  [[nodiscard]] const dnnl::memory& bias() const noexcept { return bias_; }
  /// The weights in the given order: made once, then shared by all runs.  threads  safe
  [[nodiscard]] dnnl::memory in_order(const dnnl::memory::desc& wanted, dnnl::engine& engine) const;

 private:
  int kernel_;
  int dilation_;
  dnnl::memory::dims dims_;
  std::vector<float> values_;  ///< [out, in, k, k]
  dnnl::memory bias_;
  mutable std::mutex mutex_;
  mutable std::vector<std::pair<dnnl::memory::desc, dnnl::memory>> reordered_;
};

/// The engine of all executors.
[[nodiscard]] dnnl::engine& cpu_engine();

/// Picks Winograd where oneDNN has it, else the direct algorithm; see the source for the measured reasons.
[[nodiscard]] dnnl::convolution_forward::primitive_desc choose_convolution(const ConvolutionWeights& weights,
                                                                           const Activation& src, const Activation& dst,
                                                                           bool relu);

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
// What an executor shares with its runs: the lowered network, and its weights in the form that each step wants.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <rdenoise/network.hpp>
#include <span>
#include <vector>

#include "network/onednn_convolution.hpp"
#include "network/onednn_plan.hpp"
#include "network/own_convolution.hpp"
#include "network/pixel_planes.hpp"
#include "network/skewed_chain.hpp"

namespace rdenoise::onednn {

struct Network {
  Precision precision = Precision::f32;  ///< in use
  NetworkSpec spec;                      ///< without batch norm and strides
  LayoutRules rules;
  ExecutionPlan plan;
  std::vector<std::unique_ptr<ConvolutionWeights>> weights;       ///< by layer; empty for other layers
  std::vector<std::unique_ptr<OwnConvolution>> own_convolutions;  ///< by layer; empty for other layers
  std::map<int, int> watched;                                     ///< by layer of `spec`: as the caller counts them
  std::optional<ChainSteps> chain;                                ///< if tiles can share borders layer by layer

  /// The scales of a value in eight bits; of others none.
  [[nodiscard]] std::span<const float> scales_of(const Value& value) const noexcept;
  [[nodiscard]] std::size_t weights_bytes() const;
};

/// Of a chain: how the layers lie whose borders tiles share, first to last.
[[nodiscard]] std::vector<PixelPlanes> bordered_planes(const Network& network);

/// precision  f32, bf16 or int8; the network's own says f32 if in int8 nothing could be kept in eight bits
/// throws     Error{invalid_argument} for layers that cannot be watched; Error{corrupt} for scales that are none
[[nodiscard]] std::shared_ptr<const Network> make_network(const NetworkSpec& spec, const Weights& weights,
                                                          Precision precision, std::span<const int> watched);

}  // namespace rdenoise::onednn

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "folded_network.hpp"

#include <algorithm>
#include <rdenoise/model.hpp>

namespace rdenoise::training {
namespace {

bool has_weights(const Layer& layer) {
  return layer.kind == LayerKind::convolution || layer.kind == LayerKind::transposed_convolution;
}

std::vector<Layer> layers_with_weights(const NetworkSpec& spec) {
  std::vector<Layer> layers;
  std::ranges::copy_if(spec.layers, std::back_inserter(layers), has_weights);
  return layers;
}

}  // namespace

FoldedNetwork folded_for_export(const NetworkSpec& spec, const Weights& weights) {
  FoldedNetwork folded = fold_batch_norm(spec, weights);
  if (folded.spec == spec) return folded;
  NetworkParams params = folded.spec.params;
  params.bias = params.bias || std::ranges::any_of(spec.layers, [](const Layer& layer) {
                  return layer.kind == LayerKind::batch_norm;  // batch scale shifts nothing
                });
  FoldedNetwork renamed{build_network(params), {{}, to_metadata(params)}};
  const std::vector<Layer> from = layers_with_weights(folded.spec);
  const std::vector<Layer> to = layers_with_weights(renamed.spec);
  for (std::size_t i = 0; i < std::min(from.size(), to.size()); ++i) {
    renamed.weights.tensors[to[i].name + ".weight"] = std::move(folded.weights.tensors[from[i].name + ".weight"]);
    if (!to[i].bias) continue;
    Tensor bias{{to[i].out_channels}, std::vector<float>(static_cast<std::size_t>(to[i].out_channels))};
    if (from[i].bias) bias = std::move(folded.weights.tensors[from[i].name + ".bias"]);
    renamed.weights.tensors[to[i].name + ".bias"] = std::move(bias);
  }
  check_weights(renamed.spec, renamed.weights);
  return renamed;
}

}  // namespace rdenoise::training

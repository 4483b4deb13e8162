// SPDX-License-Identifier: LGPL-2.1-or-later
// Weights for a description, drawn such that signals keep their size from layer to layer.
#pragma once

#include <cmath>
#include <random>
#include <rdenoise/model.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise::test {

/// Convolutions by He et al. 2015; batch norm averages away from their neutral values.
inline Weights random_weights(const NetworkSpec& spec, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  const auto tensor = [&](std::vector<std::int64_t> shape, double deviation, double mean) {
    std::size_t count = 1;
    for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
    Tensor t{std::move(shape), std::vector<float>(count)};
    for (float& value : t.values) value = static_cast<float>(mean + deviation * normal(generator));
    return t;
  };
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  Weights weights;
  for (const Layer& layer : spec.layers) {
    const std::int64_t out = layer.out_channels;
    if (layer.kind == LayerKind::convolution) {
      const std::int64_t in = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
      weights.tensors[layer.name + ".weight"] =
          tensor({out, in, layer.kernel, layer.kernel},
                 std::sqrt(2.0 / static_cast<double>(in * layer.kernel * layer.kernel)), 0.0);
      if (layer.bias) weights.tensors[layer.name + ".bias"] = tensor({out}, 0.05, 0.0);
    } else if (layer.kind == LayerKind::batch_norm) {
      weights.tensors[layer.name + ".weight"] = tensor({out}, 0.1, 1.0);
      weights.tensors[layer.name + ".bias"] = tensor({out}, 0.1, 0.0);
      weights.tensors[layer.name + ".running_mean"] = tensor({out}, 0.1, 0.0);
      weights.tensors[layer.name + ".running_var"] = tensor({out}, 0.05, 1.0);
      for (float& v : weights.tensors[layer.name + ".running_var"].values) v = std::max(v, 0.1F);
    }
  }
  weights.metadata = to_metadata(spec.params);
  return weights;
}

}  // namespace rdenoise::test

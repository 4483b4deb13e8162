// SPDX-License-Identifier: LGPL-2.1-or-later
// Weights for a description, drawn such that signals keep their size from layer to layer.
#pragma once

#include <cmath>
#include <random>
#include <rdenoise/model.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise::test {

inline bool is_batch_norm(const NetworkSpec& spec, const std::string& name) {
  for (const Layer& layer : spec.layers)
    if (layer.name == name) return layer.kind == LayerKind::batch_norm || layer.kind == LayerKind::batch_scale;
  return false;
}

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
  Weights weights;
  for (const auto& [name, shape] : needed_tensors(spec)) {
    if (shape.size() == 4)
      // A kernel's inputs to one output; of a transposed one, [in, out, k, k] with k = 2 and 4, about that.
      weights.tensors[name] = tensor(shape, std::sqrt(2.0 / static_cast<double>(shape[1] * shape[2] * shape[3])), 0.0);
    else if (const std::string norm = name.substr(0, name.rfind('.')); !is_batch_norm(spec, norm))
      weights.tensors[name] = tensor(shape, 0.05, 0.0);
    else if (name.ends_with(".running_var"))
      weights.tensors[name] = tensor(shape, 0.05, 1.0);
    else
      weights.tensors[name] = tensor(shape, 0.1, name.ends_with(".weight") ? 1.0 : 0.0);
    if (name.ends_with(".running_var"))
      for (float& v : weights.tensors[name].values) v = std::max(v, 0.1F);
  }
  weights.metadata = to_metadata(spec.params);
  return weights;
}

}  // namespace rdenoise::test

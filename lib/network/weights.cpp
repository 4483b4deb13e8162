// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <numeric>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

constexpr double batch_norm_epsilon = 1e-5;  // PyTorch's default

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

/// The tensors that a description needs.
TensorShapes needed_tensors(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  TensorShapes needed;
  for (const Layer& layer : spec.layers) {
    const std::int64_t out = layer.out_channels;
    if (layer.kind == LayerKind::convolution) {
      const std::int64_t in = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
      needed[layer.name + ".weight"] = {out, in, layer.kernel, layer.kernel};
      if (layer.bias) needed[layer.name + ".bias"] = {out};
    } else if (layer.kind == LayerKind::batch_norm) {
      for (const char* field : {".weight", ".bias", ".running_mean", ".running_var"})
        needed[layer.name + field] = {out};
    }
  }
  return needed;
}

bool is_unused_by_inference(std::string_view name) { return name.ends_with(".num_batches_tracked"); }

/// Index of the layer after every batch norm is dropped.
std::vector<int> indices_without_batch_norm(const NetworkSpec& spec) {
  std::vector<int> index(spec.layers.size());
  int next = 0;
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    index[i] = spec.layers[i].kind == LayerKind::batch_norm ? index[static_cast<std::size_t>(spec.layers[i].inputs[0])]
                                                            : next++;
  return index;
}

}  // namespace

void check_weights(const NetworkSpec& spec, const Weights& weights) {
  const TensorShapes needed = needed_tensors(spec);
  for (const auto& [name, shape] : needed) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end())
      throw Error(ErrorCode::corrupt,
                  "checking weights: expected tensor " + name + " " + shape_text(shape) + ", found none of that name");
    if (found->second.shape != shape)
      throw Error(ErrorCode::corrupt, "checking weights, tensor " + name + ": expected shape " + shape_text(shape) +
                                          ", found " + shape_text(found->second.shape));
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    if (static_cast<std::int64_t>(found->second.values.size()) != count)
      throw Error(ErrorCode::corrupt, "checking weights, tensor " + name + ": expected " + std::to_string(count) +
                                          " values, found " + std::to_string(found->second.values.size()));
    for (const float value : found->second.values)
      if (!std::isfinite(value))
        throw Error(ErrorCode::corrupt,
                    "checking weights, tensor " + name + ": expected finite values, found " + std::to_string(value));
    if (name.ends_with(".running_var"))
      for (const float value : found->second.values)
        if (value < 0)
          throw Error(ErrorCode::corrupt, "checking weights, tensor " + name +
                                              ": expected variances of at least 0, found " + std::to_string(value));
  }
  for (const auto& [name, tensor] : weights.tensors)
    if (!needed.contains(name) && !is_unused_by_inference(name))
      throw Error(ErrorCode::corrupt, "checking weights: expected only the tensors of " + spec.params.network +
                                          " with depth " + std::to_string(spec.params.depth) + ", found " + name + " " +
                                          shape_text(tensor.shape));
}

FoldedNetwork fold_batch_norm(const NetworkSpec& spec, const Weights& weights) {
  check_weights(spec, weights);
  const std::vector<int> new_index = indices_without_batch_norm(spec);
  FoldedNetwork folded{{spec.params, {}}, {{}, weights.metadata}};
  folded.spec.params.batch_norm = false;

  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind != LayerKind::batch_norm) {
      Layer copy = layer;
      for (int& input : copy.inputs) input = new_index[static_cast<std::size_t>(input)];
      if (layer.kind == LayerKind::convolution) {
        folded.weights.tensors[layer.name + ".weight"] = weights.tensors.find(layer.name + ".weight")->second;
        if (layer.bias)
          folded.weights.tensors[layer.name + ".bias"] = weights.tensors.find(layer.name + ".bias")->second;
      }
      folded.spec.layers.push_back(std::move(copy));
      continue;
    }
    const std::size_t input = static_cast<std::size_t>(layer.inputs[0]);
    if (spec.layers[input].kind != LayerKind::convolution)
      throw Error(ErrorCode::unsupported, "folding batch norm " + layer.name +
                                              ": expected a convolution before it, found " +
                                              std::string(to_string(spec.layers[input].kind)));
    Layer& convolution = folded.spec.layers[static_cast<std::size_t>(new_index[input])];
    Tensor& kernel = folded.weights.tensors[convolution.name + ".weight"];
    Tensor& bias = folded.weights.tensors[convolution.name + ".bias"];
    if (!convolution.bias)
      bias = {{layer.out_channels}, std::vector<float>(static_cast<std::size_t>(layer.out_channels))};
    convolution.bias = true;
    const auto field = [&](const char* name) -> const std::vector<float>& {
      return weights.tensors.find(layer.name + name)->second.values;
    };
    const std::size_t per_output = kernel.values.size() / static_cast<std::size_t>(layer.out_channels);
    for (std::size_t c = 0; c < static_cast<std::size_t>(layer.out_channels); ++c) {
      const double scale = field(".weight")[c] / std::sqrt(field(".running_var")[c] + batch_norm_epsilon);
      for (std::size_t k = 0; k < per_output; ++k)
        kernel.values[c * per_output + k] = static_cast<float>(kernel.values[c * per_output + k] * scale);
      bias.values[c] = static_cast<float>((bias.values[c] - field(".running_mean")[c]) * scale + field(".bias")[c]);
    }
  }
  return folded;
}

}  // namespace rdenoise

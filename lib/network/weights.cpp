// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <numeric>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

bool is_unused_by_inference(std::string_view name) { return name.ends_with(".num_batches_tracked"); }

bool is_folded(LayerKind kind) { return kind == LayerKind::batch_norm || kind == LayerKind::batch_scale; }

/// Index of the layer after every batch norm is dropped.
std::vector<int> indices_without_batch_norm(const NetworkSpec& spec) {
  std::vector<int> index(spec.layers.size());
  int next = 0;
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    index[i] = is_folded(spec.layers[i].kind) ? index[static_cast<std::size_t>(spec.layers[i].inputs[0])] : next++;
  return index;
}

/// What one channel of a batch norm does: x·scale + shift.
struct ChannelScaling {
  double scale;
  double shift;
};

ChannelScaling channel_scaling(const Layer& layer, const Weights& weights, std::size_t channel) {
  const auto field = [&](const char* name) -> double {
    return weights.tensors.find(layer.name + name)->second.values[channel];
  };
  if (layer.kind == LayerKind::batch_scale)
    return {field(".weight") / (std::sqrt(field(".running_var")) + layer.epsilon), 0.0};
  const double scale = field(".weight") / std::sqrt(field(".running_var") + layer.epsilon);
  return {scale, field(".bias") - field(".running_mean") * scale};
}

}  // namespace

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

TensorShapes needed_tensors(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  TensorShapes needed;
  for (const Layer& layer : spec.layers) {
    const std::int64_t out = layer.out_channels;
    const auto in = [&]() -> std::int64_t { return shapes[static_cast<std::size_t>(layer.inputs[0])].channels; };
    switch (layer.kind) {
      case LayerKind::convolution:
        needed[layer.name + ".weight"] = {out, in(), layer.kernel, layer.kernel};
        if (layer.bias) needed[layer.name + ".bias"] = {out};
        break;
      case LayerKind::transposed_convolution:
        needed[layer.name + ".weight"] = {in(), out, layer.kernel, layer.kernel};
        if (layer.bias) needed[layer.name + ".bias"] = {out};
        break;
      case LayerKind::batch_norm:
        for (const char* field : {".weight", ".bias", ".running_mean", ".running_var"})
          needed[layer.name + field] = {out};
        break;
      case LayerKind::batch_scale:
        for (const char* field : {".weight", ".running_var"}) needed[layer.name + field] = {out};
        break;
      default:
        break;
    }
  }
  return needed;
}

void check_weights(const NetworkSpec& spec, const Weights& weights,
                   const std::function<std::string(const std::string& name)>& shown_name) {
  const auto shown = [&](const std::string& name) { return shown_name ? shown_name(name) : name; };
  const TensorShapes needed = needed_tensors(spec);
  for (const auto& [name, shape] : needed) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end())
      throw Error(ErrorCode::corrupt, "checking weights: expected tensor " + shown(name) + " " + shape_text(shape) +
                                          ", found none of that name");
    if (found->second.shape != shape)
      throw Error(ErrorCode::corrupt, "checking weights, tensor " + shown(name) + ": expected shape " +
                                          shape_text(shape) + ", found " + shape_text(found->second.shape));
    const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    if (static_cast<std::int64_t>(found->second.values.size()) != count)
      throw Error(ErrorCode::corrupt, "checking weights, tensor " + shown(name) + ": expected " +
                                          std::to_string(count) + " values, found " +
                                          std::to_string(found->second.values.size()));
    for (const float value : found->second.values)
      if (!std::isfinite(value))
        throw Error(ErrorCode::corrupt, "checking weights, tensor " + shown(name) + ": expected finite values, found " +
                                            std::to_string(value));
    if (name.ends_with(".running_var"))
      for (const float value : found->second.values)
        if (value < 0)
          throw Error(ErrorCode::corrupt, "checking weights, tensor " + shown(name) +
                                              ": expected variances of at least 0, found " + std::to_string(value));
  }
  for (const auto& [name, tensor] : weights.tensors)
    if (!needed.contains(name) && !is_unused_by_inference(name))
      throw Error(ErrorCode::corrupt, "checking weights: expected only the tensors of " + spec.params.network +
                                          " with depth " + std::to_string(spec.params.depth) + ", found " +
                                          shown(name) + " " + shape_text(tensor.shape));
}

FoldedNetwork fold_batch_norm(const NetworkSpec& spec, const Weights& weights) {
  check_weights(spec, weights);
  const std::vector<int> new_index = indices_without_batch_norm(spec);
  FoldedNetwork folded{{spec.params, {}}, {{}, weights.metadata}};
  folded.spec.params.batch_norm = false;

  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (!is_folded(layer.kind)) {
      Layer copy = layer;
      for (int& input : copy.inputs) input = new_index[static_cast<std::size_t>(input)];
      if (layer.kind == LayerKind::convolution || layer.kind == LayerKind::transposed_convolution)
        for (const char* field : {".weight", ".bias"})
          if (const auto tensor = weights.tensors.find(layer.name + field); tensor != weights.tensors.end())
            folded.weights.tensors[layer.name + field] = tensor->second;
      folded.spec.layers.push_back(std::move(copy));
      continue;
    }
    const std::size_t input = static_cast<std::size_t>(layer.inputs[0]);
    if (spec.layers[input].kind != LayerKind::convolution)
      throw Error(ErrorCode::unsupported, "folding batch norm " + layer.name +
                                              ": expected a convolution before it, found " +
                                              std::string(to_string(spec.layers[input].kind)));
    Layer& convolution = folded.spec.layers[static_cast<std::size_t>(new_index[input])];
    const auto out_channels = static_cast<std::size_t>(layer.out_channels);
    Tensor& kernel = folded.weights.tensors[convolution.name + ".weight"];
    // A scale alone gives a bias-free convolution no bias.
    if (!convolution.bias && layer.kind == LayerKind::batch_norm) {
      folded.weights.tensors[convolution.name + ".bias"] = {{layer.out_channels}, std::vector<float>(out_channels)};
      convolution.bias = true;
    }
    Tensor* const bias = convolution.bias ? &folded.weights.tensors[convolution.name + ".bias"] : nullptr;
    const std::size_t per_output = kernel.values.size() / out_channels;
    for (std::size_t c = 0; c < out_channels; ++c) {
      const ChannelScaling scaling = channel_scaling(layer, weights, c);
      for (std::size_t k = 0; k < per_output; ++k)
        kernel.values[c * per_output + k] = static_cast<float>(kernel.values[c * per_output + k] * scaling.scale);
      if (bias != nullptr) bias->values[c] = static_cast<float>(bias->values[c] * scaling.scale + scaling.shift);
    }
  }
  return folded;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise {

std::vector<int> picture_estimates(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::vector<int> estimates;
  if (spec.is_classifier()) return estimates;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerKind kind = spec.layers[i].kind;
    const bool is_sum = kind == LayerKind::add || kind == LayerKind::subtract;
    const bool is_picture = shapes[i].channels == shapes.front().channels && shapes[i].downscale == 1;
    if ((is_sum && is_picture) || i + 1 == spec.layers.size()) estimates.push_back(static_cast<int>(i));
  }
  return estimates;
}

FoldedNetwork cut_at(const NetworkSpec& spec, const Weights& weights, int layer) {
  if (layer < 0 || static_cast<std::size_t>(layer) >= spec.layers.size())
    throw Error(ErrorCode::invalid_argument, "cutting a network: expected one of " +
                                                 std::to_string(spec.layers.size()) + " layers, found layer " +
                                                 std::to_string(layer));
  std::vector<bool> needed(spec.layers.size(), false);
  // The image stays first, and a noise map is still filled by whoever runs the part.
  for (std::size_t i = 0; i < spec.layers.size(); ++i) needed[i] = spec.layers[i].kind == LayerKind::image_input;
  needed[static_cast<std::size_t>(layer)] = true;
  for (std::size_t i = static_cast<std::size_t>(layer) + 1; i-- > 0;)
    if (needed[i])
      for (const int input : spec.layers[i].inputs) needed[static_cast<std::size_t>(input)] = true;

  FoldedNetwork part{{spec.params, {}}, {{}, weights.metadata}};
  std::vector<int> new_index(spec.layers.size(), -1);
  for (std::size_t i = 0; i <= static_cast<std::size_t>(layer); ++i) {
    if (!needed[i]) continue;
    new_index[i] = static_cast<int>(part.spec.layers.size());
    Layer copy = spec.layers[i];
    for (int& input : copy.inputs) input = new_index[static_cast<std::size_t>(input)];
    part.spec.layers.push_back(std::move(copy));
  }
  for (const auto& [name, shape] : needed_tensors(part.spec))
    if (const auto tensor = weights.tensors.find(name); tensor != weights.tensors.end())
      part.weights.tensors[name] = tensor->second;
  return part;
}

std::vector<Stage> convolution_stages(const NetworkSpec& spec) {
  std::vector<std::vector<int>> readers(spec.layers.size());
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    for (const int input : spec.layers[i].inputs)
      readers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
  std::vector<Stage> stages;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerKind kind = spec.layers[i].kind;
    if (kind != LayerKind::convolution && kind != LayerKind::transposed_convolution) continue;
    const bool has_relu =
        readers[i].size() == 1 && spec.layers[static_cast<std::size_t>(readers[i].front())].kind == LayerKind::relu;
    stages.push_back({static_cast<int>(i), has_relu ? readers[i].front() : static_cast<int>(i)});
  }
  return stages;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/architectures/sequential.hpp"

#include <charconv>
#include <optional>

namespace rdenoise {
namespace {

/// N of "model.N.<field>".
std::optional<int> module_number(std::string_view name, std::string_view field) {
  constexpr std::string_view prefix = "model.";
  if (!name.starts_with(prefix) || !name.ends_with(field)) return std::nullopt;
  name.remove_prefix(prefix.size());
  name.remove_suffix(field.size());
  if (!name.ends_with('.')) return std::nullopt;
  name.remove_suffix(1);
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

}  // namespace

int append_sequential(std::vector<Layer>& layers, int input, const NetworkParams& params, int out_channels) {
  int module = 0;
  const auto append = [&](Layer layer, int from) {
    if (layer.kind == LayerKind::convolution || layer.kind == LayerKind::batch_norm)
      layer.name = "model." + std::to_string(module);
    ++module;
    layer.inputs = {from};
    layers.push_back(std::move(layer));
    return static_cast<int>(layers.size()) - 1;
  };
  int last = input;
  for (int i = 0; i < params.depth; ++i) {
    const bool is_last = i + 1 == params.depth;
    const int channels = is_last ? out_channels : params.width;
    last = append({.kind = LayerKind::convolution, .out_channels = channels, .kernel = 3, .bias = params.bias}, last);
    if (is_last) break;
    if (params.batch_norm && i > 0) last = append({.kind = LayerKind::batch_norm, .out_channels = channels}, last);
    last = append({.kind = LayerKind::relu, .out_channels = channels}, last);
  }
  return last;
}

bool recognise_sequential(const TensorShapes& tensors, SequentialShape& shape) {
  std::map<int, std::vector<std::int64_t>> convolutions;
  bool batch_norm = false;
  for (const auto& [name, tensor_shape] : tensors) {
    if (const auto number = module_number(name, "weight"); number && tensor_shape.size() == 4)
      convolutions[*number] = tensor_shape;
    else if (module_number(name, "running_mean"))
      batch_norm = true;
  }
  if (convolutions.size() < 2) return false;
  const auto& first = convolutions.begin()->second;
  const auto& last = convolutions.rbegin()->second;
  const std::int64_t width = first[0];
  for (const auto& [number, conv] : convolutions) {
    if (conv[2] != 3 || conv[3] != 3) return false;
    if (&conv != &first && conv[1] != width) return false;
    if (&conv != &last && conv[0] != width) return false;
  }
  shape = {.depth = static_cast<int>(convolutions.size()),
           .width = static_cast<int>(width),
           .in_channels = static_cast<int>(first[1]),
           .out_channels = static_cast<int>(last[0]),
           .batch_norm = batch_norm,
           .bias = tensors.contains("model." + std::to_string(convolutions.begin()->first) + ".bias")};
  return true;
}

}  // namespace rdenoise

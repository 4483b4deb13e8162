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

int append_sequential(std::vector<Layer>& layers, int input, const NetworkParams& params, int out_channels,
                      const SequentialOptions& options) {
  int module = 0;
  const auto append = [&](Layer layer, int from) {
    if (layer.kind == LayerKind::convolution || layer.kind == options.norm)
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
    last = append({.kind = LayerKind::convolution,
                   .out_channels = channels,
                   .kernel = 3,
                   .dilation = options.dilation(i, params.depth),
                   .bias = params.bias},
                  last);
    if (is_last) break;
    if (params.batch_norm && i > 0)
      last = append({.kind = options.norm, .out_channels = channels, .epsilon = params.batch_norm_epsilon}, last);
    last = append({.kind = LayerKind::relu, .out_channels = channels}, last);
  }
  return last;
}

bool recognise_sequential(const TensorShapes& tensors, SequentialShape& shape) {
  std::map<int, std::vector<std::int64_t>> convolutions;
  bool running_mean = false;
  bool running_var = false;
  std::size_t n_biases = 0;
  for (const auto& [name, tensor_shape] : tensors) {
    if (const auto number = module_number(name, "weight"); number && tensor_shape.size() == 4)
      convolutions[*number] = tensor_shape;
    running_mean = running_mean || module_number(name, "running_mean");
    running_var = running_var || module_number(name, "running_var");
  }
  if (convolutions.size() < 2) return false;
  std::map<std::int64_t, int> widths;
  std::size_t n_kernels_of_3 = 0;
  for (const auto& [number, conv] : convolutions) {
    ++widths[conv[0]];
    n_kernels_of_3 += conv[2] == 3 && conv[3] == 3 ? 1 : 0;
    n_biases += tensors.contains("model." + std::to_string(number) + ".bias") ? 1 : 0;
  }
  if (2 * n_kernels_of_3 <= convolutions.size()) return false;
  const auto& first = convolutions.begin()->second;
  const auto& last = convolutions.rbegin()->second;
  std::int64_t width = first[0];
  for (const auto& [candidate, count] : widths)
    if (count > widths[width]) width = candidate;

  shape = {.width = static_cast<int>(width), .batch_norm = running_mean, .batch_scale = running_var && !running_mean};
  const bool norm = shape.batch_norm || shape.batch_scale;
  // Modules stand in threes with a norm, in twos without, and the first pair has none.
  const int last_number = convolutions.rbegin()->first;
  shape.depth = norm ? (last_number + 4) / 3 : last_number / 2 + 1;
  if (convolutions.begin()->first == 0)
    shape.in_channels = static_cast<int>(first[0] == width ? first[1] : first[1] == width ? first[0] : 0);
  const bool gives_a_picture = last[0] == 1 || last[0] == 3 || last[0] == 4 || last[0] == 6 || last[0] == 12;
  const bool last_is_missing = last[0] == width && last[1] == width && !gives_a_picture;
  if (last_is_missing)
    ++shape.depth;
  else
    shape.out_channels = static_cast<int>(last[1] == width ? last[0] : last[0] == width ? last[1] : 0);
  shape.bias = 2 * n_biases > convolutions.size();
  return true;
}

}  // namespace rdenoise

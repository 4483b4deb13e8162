// SPDX-License-Identifier: LGPL-2.1-or-later
#include "deeper_start.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace rdenoise::training {
namespace {

constexpr int layer_step = 2;  ///< a convolution and its ReLU

std::string name_of(int layer, const char* part) { return "model." + std::to_string(layer) + "." + part; }

/// Number of the last layer; −1 if a tensor is none of a chain's.
int last_layer(const NamedTensors& tensors) {
  int last = -1;
  for (const auto& [name, tensor] : tensors) {
    constexpr std::string_view prefix = "model.";
    if (!name.starts_with(prefix)) return -1;
    int layer = -1;
    const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), layer);
    const std::string_view part(end, name.data() + name.size());
    if (error != std::errc() || layer % layer_step != 0 || (part != ".weight" && part != ".bias")) return -1;
    last = std::max(last, layer);
  }
  return last;
}

bool same_shape(const NamedTensors& one, const std::string& one_name, const NamedTensors& other,
                const std::string& other_name) {
  const auto a = one.find(one_name);
  const auto b = other.find(other_name);
  return a != one.end() && b != other.end() && a->second.sizes() == b->second.sizes();
}

/// [n, n, k, k] whose result is its input; undefined if the shape has another number of inputs than of outputs.
torch::Tensor passing_on(const torch::Tensor& like) {
  if (like.dim() != 4 || like.size(0) != like.size(1)) return {};
  torch::Tensor kernel = torch::zeros_like(like, torch::TensorOptions().device(torch::kCPU).requires_grad(false));
  kernel.select(3, like.size(3) / 2).select(2, like.size(2) / 2).copy_(torch::eye(like.size(0)));
  return kernel;
}

}  // namespace

NamedTensors deepened(NamedTensors weights, const NamedTensors& wanted) {
  const int from = last_layer(weights);
  const int to = last_layer(wanted);
  if (from < 0 || to <= from || !same_shape(weights, name_of(from, "weight"), wanted, name_of(to, "weight")))
    return weights;
  NamedTensors longer = weights;
  for (const char* part : {"weight", "bias"}) {
    if (!weights.contains(name_of(from, part))) continue;
    longer[name_of(to, part)] = weights.at(name_of(from, part));
    longer.erase(name_of(from, part));
  }
  for (int layer = from; layer < to; layer += layer_step) {
    const auto place = wanted.find(name_of(layer, "weight"));
    const torch::Tensor kernel = place == wanted.end() ? torch::Tensor() : passing_on(place->second);
    if (!kernel.defined()) return weights;
    longer[name_of(layer, "weight")] = kernel;
    if (wanted.contains(name_of(layer, "bias"))) longer[name_of(layer, "bias")] = torch::zeros({kernel.size(0)});
  }
  return longer;
}

}  // namespace rdenoise::training

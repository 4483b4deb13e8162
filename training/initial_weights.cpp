// SPDX-License-Identifier: LGPL-2.1-or-later
#include "initial_weights.hpp"

#include <cmath>
#include <set>

namespace rdenoise::training {
namespace {

constexpr double added_branch_scale = 0.1;
constexpr double centre_to_corner = 0.25;

struct KernelShape {
  std::int64_t out;
  std::int64_t in;
  std::int64_t size;  ///< width and height [px]
};

double he_deviation(double inputs) { return std::sqrt(2.0 / inputs); }

torch::Tensor he_weight(const KernelShape& kernel) {
  return torch::randn({kernel.out, kernel.in, kernel.size, kernel.size}) *
         he_deviation(static_cast<double>(kernel.in * kernel.size * kernel.size));
}

torch::Tensor orthogonal_matrix(std::int64_t rows, std::int64_t columns) {
  if (rows < columns) return orthogonal_matrix(columns, rows).t();
  const auto [q, r] = torch::linalg_qr(torch::randn({rows, columns}));
  // Without this the signs of q would not be random.
  return q * r.diagonal().sign();
}

torch::Tensor orthogonal_weight(const KernelShape& kernel) {
  const std::int64_t inputs = kernel.in * kernel.size * kernel.size;
  // Each of the longer side's vectors has length 1, so this is the root of the mean square of all entries.
  const double deviation = 1.0 / std::sqrt(static_cast<double>(std::max(kernel.out, inputs)));
  return orthogonal_matrix(kernel.out, inputs).reshape({kernel.out, kernel.in, kernel.size, kernel.size}) *
         (he_deviation(static_cast<double>(inputs)) / deviation);
}

/// [size, size], root of the mean square 1.
torch::Tensor centre_light_scales(std::int64_t size) {
  if (size == 1) return torch::ones({1, 1});
  const torch::Tensor from_centre = torch::arange(size, torch::kFloat) - 0.5 * static_cast<double>(size - 1);
  const torch::Tensor squared_px = from_centre.square().view({-1, 1}) + from_centre.square().view({1, -1});
  const torch::Tensor scales = centre_to_corner + (1.0 - centre_to_corner) * squared_px / squared_px.max();
  return scales / scales.square().mean().sqrt();
}

torch::Tensor convolution_weight(const KernelShape& kernel, Initialisation initialisation) {
  switch (initialisation) {
    case Initialisation::orthogonal:
      return orthogonal_weight(kernel);
    case Initialisation::centre_light:
      return he_weight(kernel) * centre_light_scales(kernel.size);
    case Initialisation::he:
    case Initialisation::linear:
      break;
  }
  return he_weight(kernel);
}

/// The weights of a plain chain, so that the whole is linear.
void make_linear(const std::vector<torch::Tensor>& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const torch::Tensor& weight = weights[i];
    const bool first = i == 0;
    const bool last = i + 1 == weights.size();
    const std::int64_t out = last ? weight.size(0) : weight.size(0) / 2;
    const std::int64_t in = first ? weight.size(1) : weight.size(1) / 2;
    torch::Tensor half = he_weight({out, in, weight.size(2)});
    if (!first && !last && out == in) {
      half.zero_();
      const std::int64_t centre = weight.size(2) / 2;
      half.index_put_({torch::indexing::Slice(), torch::indexing::Slice(), centre, centre},
                      std::get<0>(torch::linalg_qr(torch::randn({out, in}))));
    }
    if (!first) half = torch::cat({half, -half}, 1);
    if (!last) half = torch::cat({half, -half}, 0);
    weight.copy_(half);
  }
}

/// Convolutions whose result is added to something or taken from it, and the last one.
std::set<int> added_convolutions(const NetworkSpec& spec) {
  std::set<int> found;
  int last = -1;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind == LayerKind::convolution) last = static_cast<int>(i);
    if (layer.kind != LayerKind::add && layer.kind != LayerKind::subtract) continue;
    for (const int input : layer.inputs)
      if (spec.layers[static_cast<std::size_t>(input)].kind == LayerKind::convolution) found.insert(input);
  }
  if (last >= 0) found.insert(last);
  return found;
}

}  // namespace

std::map<std::string, torch::Tensor> initial_state(const NetworkSpec& spec, Initialisation initialisation) {
  check_initialisation(spec, initialisation);
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::map<std::string, torch::Tensor> state;
  std::vector<torch::Tensor> convolutions;
  for (const Layer& layer : spec.layers) {
    const std::int64_t out = layer.out_channels;
    const auto in = [&]() -> std::int64_t { return shapes[static_cast<std::size_t>(layer.inputs[0])].channels; };
    if (layer.kind == LayerKind::convolution) {
      convolutions.push_back(convolution_weight({out, in(), layer.kernel}, initialisation));
      state[layer.name + ".weight"] = convolutions.back();
      if (layer.bias) state[layer.name + ".bias"] = torch::zeros({out});
    } else if (layer.kind == LayerKind::transposed_convolution) {
      // Only each factor-th row and column of the kernel meets an output pixel.
      const double met = static_cast<double>(layer.kernel) / layer.factor;
      state[layer.name + ".weight"] =
          torch::randn({in(), out, layer.kernel, layer.kernel}) * he_deviation(static_cast<double>(in()) * met * met);
      if (layer.bias) state[layer.name + ".bias"] = torch::zeros({out});
    } else if (layer.kind == LayerKind::batch_norm || layer.kind == LayerKind::batch_scale) {
      state[layer.name + ".weight"] = torch::ones({out});
      state[layer.name + ".running_var"] = torch::ones({out});
      if (layer.kind == LayerKind::batch_scale) continue;
      state[layer.name + ".bias"] = torch::zeros({out});
      state[layer.name + ".running_mean"] = torch::zeros({out});
    }
  }
  if (initialisation == Initialisation::linear) make_linear(convolutions);
  for (const int i : added_convolutions(spec))
    state.at(spec.layers[static_cast<std::size_t>(i)].name + ".weight") *= added_branch_scale;
  return state;
}

}  // namespace rdenoise::training

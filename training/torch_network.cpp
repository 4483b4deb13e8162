// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch_network.hpp"

#include <cmath>
#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

constexpr double last_layer_scale = 0.1;
constexpr double batch_norm_momentum = 0.1;

bool is_running_average(const std::string& name) {
  return name.ends_with(".running_mean") || name.ends_with(".running_var");
}

torch::Tensor he_weight(std::int64_t out, std::int64_t in, std::int64_t kernel) {
  return torch::randn({out, in, kernel, kernel}) * std::sqrt(2.0 / static_cast<double>(in * kernel * kernel));
}

/// Makes a stack of convolutions linear at the start; the widths between them must be even.
void initialise_linear(std::vector<torch::Tensor>& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    torch::Tensor& weight = weights[i];
    const bool first = i == 0;
    const bool last = i + 1 == weights.size();
    const std::int64_t out = last ? weight.size(0) : weight.size(0) / 2;
    const std::int64_t in = first ? weight.size(1) : weight.size(1) / 2;
    torch::Tensor half = he_weight(out, in, weight.size(2));
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

/// BFBatchNorm of Mohan et al. 2020: divides by the deviation, and shifts nothing.
torch::Tensor batch_scale(const torch::Tensor& x, const torch::Tensor& gamma, torch::Tensor running_var, double epsilon,
                          bool training) {
  torch::Tensor variance = running_var;
  if (training) {
    variance = x.var({0, 2, 3}, /*unbiased=*/false);
    torch::NoGradGuard guard;
    running_var.mul_(1.0 - batch_norm_momentum).add_(variance.detach(), batch_norm_momentum);
  }
  return x * (gamma / (variance.sqrt() + epsilon)).view({1, -1, 1, 1});
}

}  // namespace

TorchNetwork::TorchNetwork(NetworkSpec spec, std::uint64_t seed, Initialisation initialisation)
    : spec_(std::move(spec)) {
  torch::manual_seed(seed);
  const std::vector<LayerShape> shapes = layer_shapes(spec_);
  std::vector<torch::Tensor> convolutions;
  for (const Layer& layer : spec_.layers) {
    const std::int64_t out = layer.out_channels;
    if (layer.kind == LayerKind::convolution) {
      const std::int64_t in = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
      convolutions.push_back(he_weight(out, in, layer.kernel));
      state_[layer.name + ".weight"] = convolutions.back();
      if (layer.bias) state_[layer.name + ".bias"] = torch::zeros({out});
    } else if (layer.kind == LayerKind::transposed_convolution) {
      const std::int64_t in = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
      state_[layer.name + ".weight"] = he_weight(out, in, layer.kernel).transpose(0, 1).contiguous();
      if (layer.bias) state_[layer.name + ".bias"] = torch::zeros({out});
    } else if (layer.kind == LayerKind::batch_scale) {
      state_[layer.name + ".weight"] = torch::ones({out});
      state_[layer.name + ".running_var"] = torch::ones({out});
    } else if (layer.kind == LayerKind::batch_norm) {
      state_[layer.name + ".weight"] = torch::ones({out});
      state_[layer.name + ".bias"] = torch::zeros({out});
      state_[layer.name + ".running_mean"] = torch::zeros({out});
      state_[layer.name + ".running_var"] = torch::ones({out});
    }
  }
  if (initialisation == Initialisation::linear) {
    if (spec_.params.width % 2 != 0)
      throw Error(ErrorCode::invalid_argument,
                  "initialising linearly: expected an even width, found " + std::to_string(spec_.params.width));
    initialise_linear(convolutions);
  }
  convolutions.back() *= last_layer_scale;
  for (auto& [name, tensor] : state_)
    if (!is_running_average(name)) tensor.requires_grad_(true);
}

torch::Tensor TorchNetwork::forward(const torch::Tensor& image, const torch::Tensor& noise_map,
                                    torch::ScalarType compute, bool training) {
  std::vector<torch::Tensor> values(spec_.layers.size());
  const auto weight = [&](const std::string& name) { return state_.at(name).to(compute); };
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const Layer& layer = spec_.layers[i];
    const auto input = [&](std::size_t k) -> const torch::Tensor& {
      return values[static_cast<std::size_t>(layer.inputs[k])];
    };
    switch (layer.kind) {
      case LayerKind::image_input:
        values[i] = image;
        break;
      case LayerKind::noise_map_input:
        values[i] = noise_map;
        break;
      case LayerKind::convolution: {
        const auto x = input(0).to(compute).contiguous(torch::MemoryFormat::ChannelsLast);
        values[i] = torch::conv2d(x, weight(layer.name + ".weight"),
                                  layer.bias ? weight(layer.name + ".bias") : torch::Tensor(), layer.factor,
                                  padding_px(layer), layer.dilation);
        break;
      }
      case LayerKind::transposed_convolution:
        values[i] = torch::conv_transpose2d(input(0).to(compute), weight(layer.name + ".weight"),
                                            layer.bias ? weight(layer.name + ".bias") : torch::Tensor(), layer.factor,
                                            padding_px(layer));
        break;
      case LayerKind::average_pool:
        values[i] = torch::avg_pool2d(input(0), layer.factor, layer.factor);
        break;
      case LayerKind::max_pool:
        values[i] = torch::max_pool2d(input(0), layer.factor, layer.factor);
        break;
      case LayerKind::upsample_nearest:
        values[i] = input(0).repeat_interleave(layer.factor, 2).repeat_interleave(layer.factor, 3);
        break;
      case LayerKind::noise_estimate:
        values[i] = input(0);
        break;
      case LayerKind::batch_scale:
        values[i] = batch_scale(input(0).to(torch::kFloat), state_.at(layer.name + ".weight"),
                                state_.at(layer.name + ".running_var"), layer.epsilon, training);
        break;
      case LayerKind::batch_norm:
        values[i] = torch::batch_norm(input(0).to(torch::kFloat), state_.at(layer.name + ".weight"),
                                      state_.at(layer.name + ".bias"), state_.at(layer.name + ".running_mean"),
                                      state_.at(layer.name + ".running_var"), training, batch_norm_momentum,
                                      layer.epsilon, true);
        break;
      case LayerKind::relu:
        values[i] = torch::relu(input(0));
        break;
      case LayerKind::pixel_unshuffle:
        values[i] = torch::pixel_unshuffle(input(0), layer.factor);
        break;
      case LayerKind::pixel_shuffle:
        values[i] = torch::pixel_shuffle(input(0), layer.factor);
        break;
      case LayerKind::concatenate: {
        std::vector<torch::Tensor> parts;
        for (std::size_t k = 0; k < layer.inputs.size(); ++k) parts.push_back(input(k));
        values[i] = torch::cat(parts, 1);
        break;
      }
      case LayerKind::add:
        values[i] = input(0).to(torch::kFloat) + input(1).to(torch::kFloat);
        break;
      case LayerKind::subtract:
        values[i] = input(0).to(torch::kFloat) - input(1).to(torch::kFloat);
        break;
    }
  }
  return values.back().to(torch::kFloat);
}

std::vector<torch::Tensor> TorchNetwork::parameters() const {
  std::vector<torch::Tensor> parameters;
  for (const auto& [name, tensor] : state_)
    if (!is_running_average(name)) parameters.push_back(tensor);
  return parameters;
}

std::map<std::string, torch::Tensor> TorchNetwork::hidden_weights() const {
  std::vector<std::string> names;
  for (const Layer& layer : spec_.layers)
    if (layer.kind == LayerKind::convolution) names.push_back(layer.name + ".weight");
  std::map<std::string, torch::Tensor> weights;
  for (std::size_t i = 1; i + 1 < names.size(); ++i) weights[names[i]] = state_.at(names[i]);
  return weights;
}

void TorchNetwork::to(torch::Device device) {
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : state_) {
    const bool trained = tensor.requires_grad();
    tensor = tensor.detach().to(device).requires_grad_(trained);
  }
}

Weights TorchNetwork::to_weights() const {
  Weights weights;
  for (const auto& [name, tensor] : state_) {
    const torch::Tensor flat = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
    const float* values = flat.data_ptr<float>();
    weights.tensors[name] = {tensor.sizes().vec(), std::vector<float>(values, values + flat.numel())};
  }
  weights.metadata = to_metadata(spec_.params);
  return weights;
}

void TorchNetwork::set_weights(const Weights& weights) {
  check_weights(spec_, weights);
  torch::NoGradGuard guard;
  for (auto& [name, tensor] : state_) {
    const Tensor& source = weights.tensors.find(name)->second;
    tensor.copy_(torch::from_blob(const_cast<float*>(source.values.data()), source.shape, torch::kFloat));
  }
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "torch_network.hpp"

#include <algorithm>

#include "initial_weights.hpp"

namespace rdenoise::training {
namespace {

constexpr double min_batch_variance = 1e-12;
constexpr at::IntArrayRef::value_type plane_axes[] = {0, 2, 3};

bool is_running_average(const std::string& name) {
  return name.ends_with(".running_mean") || name.ends_with(".running_var");
}

/// BFBatchNorm of Mohan et al. 2020: divides by the deviation, and shifts nothing.
torch::Tensor batch_scale(const torch::Tensor& x, const torch::Tensor& gamma, torch::Tensor running_var, double epsilon,
                          const NormMode& norms) {
  torch::Tensor variance = running_var;
  if (norms.from_batch) {
    // Sums in float of what x is stored in: a copy of x in float would take longer than all else.
    const torch::Tensor mean = x.mean(plane_axes, /*keepdim=*/false, torch::kFloat);
    const torch::Tensor square = x.square().mean(plane_axes, /*keepdim=*/false, torch::kFloat);
    const auto count = static_cast<double>(x.numel() / x.size(1));
    // A channel that is 0 everywhere must not give an infinite gradient.
    variance = ((square - mean.square()) * (count / (count - 1.0))).clamp_min(min_batch_variance);
    torch::NoGradGuard guard;
    running_var.lerp_(variance.detach(), norms.momentum);
  }
  return x * (gamma / (variance.sqrt() + epsilon)).to(x.scalar_type()).view({1, -1, 1, 1});
}

/// For each layer the next convolution of the same input and geometry, with which it can be run as one; −1: none.
std::vector<int> twins_of(const NetworkSpec& spec) {
  std::vector<int> twins(spec.layers.size(), -1);
  for (std::size_t i = 0; i + 1 < spec.layers.size(); ++i) {
    const Layer& one = spec.layers[i];
    Layer other = spec.layers[i + 1];
    other.name = one.name;
    other.out_channels = one.out_channels;
    if (one.kind == LayerKind::convolution && one == other) twins[i] = static_cast<int>(i + 1);
  }
  return twins;
}

}  // namespace

TorchNetwork::TorchNetwork(NetworkSpec spec, std::uint64_t seed, Initialisation initialisation)
    : spec_(std::move(spec)), twins_(twins_of(spec_)) {
  torch::manual_seed(seed);
  state_ = initial_state(spec_, initialisation);
  for (auto& [name, tensor] : state_)
    if (!is_running_average(name)) tensor.requires_grad_(true);
}

torch::Tensor TorchNetwork::forward(const torch::Tensor& image, const torch::Tensor& noise_map,
                                    torch::ScalarType compute, bool training) {
  return run(image, noise_map, compute, training).picture;
}

NetworkOutput TorchNetwork::run(const torch::Tensor& image, const torch::Tensor& noise_map, torch::ScalarType compute,
                                bool training) {
  return run_layers(image, noise_map, compute, {.from_batch = training});
}

void TorchNetwork::gather_statistics(const torch::Tensor& image, const torch::Tensor& noise_map,
                                     torch::ScalarType compute, int batches_before) {
  torch::NoGradGuard guard;
  (void)run_layers(image, noise_map, compute, {.from_batch = true, .momentum = 1.0 / (batches_before + 1)});
}

bool TorchNetwork::has_running_averages() const {
  return std::ranges::any_of(state_, [](const auto& entry) { return is_running_average(entry.first); });
}

NetworkOutput TorchNetwork::run_layers(const torch::Tensor& image, const torch::Tensor& noise_map,
                                       torch::ScalarType compute, const NormMode& norms) {
  std::vector<torch::Tensor> values(spec_.layers.size());
  // Twins run as one convolution. What follows the second takes the channels of the first along, unused, for a slice
  // with an odd number of channels would be copied, and slow on a GPU.
  std::vector<torch::Tensor> wide(spec_.layers.size());
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
        if (values[i].defined()) break;  // came with its twin
        const torch::Tensor& wide_input = wide[static_cast<std::size_t>(layer.inputs[0])];
        torch::Tensor kernels = weight(layer.name + ".weight");
        torch::Tensor biases = layer.bias ? weight(layer.name + ".bias") : torch::Tensor();
        const int twin = twins_[i];
        if (twin >= 0) {
          const std::string& name = spec_.layers[static_cast<std::size_t>(twin)].name;
          kernels = torch::cat({weight(name + ".weight"), kernels});
          if (layer.bias) biases = torch::cat({weight(name + ".bias"), biases});
        }
        if (wide_input.defined())
          kernels = torch::constant_pad_nd(kernels, {0, 0, 0, 0, 0, wide_input.size(1) - kernels.size(1)});
        const auto x =
            (wide_input.defined() ? wide_input : input(0)).to(compute).contiguous(torch::MemoryFormat::ChannelsLast);
        const torch::Tensor sum = torch::conv2d(x, kernels, biases, layer.factor, padding_px(layer), layer.dilation);
        values[i] = sum;
        if (twin >= 0) {
          const auto at = static_cast<std::size_t>(twin);
          const int first = spec_.layers[at].out_channels;
          values[i] = sum.narrow(1, first, layer.out_channels);
          values[at] = sum.narrow(1, 0, first);
          wide[at] = sum;
        }
        break;
      }
      case LayerKind::transposed_convolution: {
        // libtorch 1.13 takes it for a plain convolution where it is in bf16 on a CPU.
        const torch::ScalarType type = input(0).is_cpu() ? torch::kFloat : compute;
        const auto as_type = [&](const std::string& name) { return state_.at(layer.name + name).to(type); };
        values[i] = torch::conv_transpose2d(input(0).to(type), as_type(".weight"),
                                            layer.bias ? as_type(".bias") : torch::Tensor(), layer.factor,
                                            padding_px(layer));
        break;
      }
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
        values[i] = batch_scale(input(0), state_.at(layer.name + ".weight"), state_.at(layer.name + ".running_var"),
                                layer.epsilon, norms);
        break;
      case LayerKind::batch_norm:
        values[i] = torch::batch_norm(input(0), state_.at(layer.name + ".weight"), state_.at(layer.name + ".bias"),
                                      state_.at(layer.name + ".running_mean"), state_.at(layer.name + ".running_var"),
                                      norms.from_batch, norms.momentum, layer.epsilon, true);
        break;
      case LayerKind::relu:
        if (const torch::Tensor& wider = wide[static_cast<std::size_t>(layer.inputs[0])]; wider.defined()) {
          wide[i] = torch::relu(wider);
          values[i] = wide[i].narrow(1, 0, input(0).size(1));
        } else {
          values[i] = torch::relu(input(0));
        }
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
  NetworkOutput output{values.back().to(torch::kFloat), {}};
  if (const int estimate = spec_.noise_estimate_index(); estimate >= 0)
    output.noise_estimate = values[static_cast<std::size_t>(estimate)].to(torch::kFloat);
  return output;
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

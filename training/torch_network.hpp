// SPDX-License-Identifier: LGPL-2.1-or-later
// A network of the registry as a libtorch graph, built from its description.
#pragma once

#include <torch/torch.h>

#include <map>
#include <rdenoise/model.hpp>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

enum class Initialisation {
  he,     ///< He et al., "Delving deep into rectifiers" (ICCV 2015)
  linear  ///< mirrored halves, so that relu(h) − relu(−h) passes each signal on and the deep stack starts as a linear
          ///< one (Balduzzi et al., "The shattered gradients problem", ICML 2017, section 5), with orthogonal centre
          ///< taps (Xiao et al., "Dynamical isometry and a mean field theory of CNNs", ICML 2018, section 3)
};

class TorchNetwork {
 public:
  /// The last convolution starts at a tenth, so that a residual network starts close to the identity.
  /// seed  libtorch's own generator is seeded with it
  TorchNetwork(NetworkSpec spec, std::uint64_t seed, Initialisation initialisation = Initialisation::he);

  [[nodiscard]] const NetworkSpec& spec() const noexcept { return spec_; }

  /// image [n, channels, h, w]; noise_map [n, map channels, h/f, w/f], undefined for blind networks.
  /// compute: type of the convolutions; weights, sums of the residual and the result stay float.
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& image, const torch::Tensor& noise_map,
                                      torch::ScalarType compute, bool training);

  [[nodiscard]] std::vector<torch::Tensor> parameters() const;
  /// Weights of the convolutions between the first and the last, by name.
  [[nodiscard]] std::map<std::string, torch::Tensor> hidden_weights() const;
  /// Parameters and running averages by their state-dict names.
  [[nodiscard]] const std::map<std::string, torch::Tensor>& state() const noexcept { return state_; }
  void to(torch::Device device);

  [[nodiscard]] Weights to_weights() const;
  /// throws  Error{corrupt} if they are not of this network
  void set_weights(const Weights& weights);

 private:
  NetworkSpec spec_;
  std::map<std::string, torch::Tensor> state_;
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// A network of the registry as a libtorch graph, built from its description.
#pragma once

#include <torch/torch.h>

#include <map>
#include <rdenoise/model.hpp>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "initialisation.hpp"

namespace rdenoise::training {

/// What a network gives, float.
struct NetworkOutput {
  torch::Tensor picture;         ///< [n, channels, h, w]
  torch::Tensor noise_estimate;  ///< its own σ map, [n, channels, h, w]; undefined if it does not estimate the noise
};

/// Where norms take their statistics from.
struct NormMode {
  bool from_batch = false;  ///< else from the running averages; if so, these move towards the batch's
  double momentum = 0.1;    ///< by this share
};

class TorchNetwork {
 public:
  /// seed  libtorch's own generator is seeded with it
  /// throws  Error{invalid_argument} if the initialisation does not suit the network
  TorchNetwork(NetworkSpec spec, std::uint64_t seed, Initialisation initialisation = Initialisation::he);

  [[nodiscard]] const NetworkSpec& spec() const noexcept { return spec_; }

  /// compute: type of the convolutions and of what norms give; weights and sums, of norms and residual, stay float.
  /// training: norms take the statistics of the batch, and their running averages follow it.
  [[nodiscard]] torch::Tensor forward(const torch::Tensor& image, const torch::Tensor& noise_map,
                                      torch::ScalarType compute, bool training);
  /// The same with all that comes out.
  [[nodiscard]] NetworkOutput run(const torch::Tensor& image, const torch::Tensor& noise_map, torch::ScalarType compute,
                                  bool training);

  [[nodiscard]] bool has_running_averages() const;
  /// Makes the running averages the plain mean of the statistics of several batches, given one after the other.
  /// batches_before  how many were given since the first, whose number is 0 and which wipes out what was before
  void gather_statistics(const torch::Tensor& image, const torch::Tensor& noise_map, torch::ScalarType compute,
                         int batches_before);

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
  [[nodiscard]] NetworkOutput run_layers(const torch::Tensor& image, const torch::Tensor& noise_map,
                                         torch::ScalarType compute, const NormMode& norms);

  NetworkSpec spec_;
  std::vector<int> twins_;
  std::map<std::string, torch::Tensor> state_;
};

}  // namespace rdenoise::training

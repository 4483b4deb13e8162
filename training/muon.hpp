// SPDX-License-Identifier: LGPL-2.1-or-later
// Muon: momentum whose update is orthogonalised, so that every direction of a weight matrix moves at the same pace.
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

namespace rdenoise::training {

/// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024). A convolution's weight is
/// taken as the matrix [out, in·k·k].
class Muon {
 public:
  /// parameters  by name; each with at least two dimensions
  explicit Muon(std::map<std::string, torch::Tensor> parameters);

  /// One update from the parameters' gradients.
  void step(double learning_rate);

  /// Momentum by parameter name, for checkpoints.
  [[nodiscard]] std::map<std::string, torch::Tensor>& state() noexcept { return momentum_; }

 private:
  std::map<std::string, torch::Tensor> parameters_;
  std::map<std::string, torch::Tensor> momentum_;
};

/// The nearest matrix with equal singular values, roughly: five Newton-Schulz steps bring them all to 0.7 … 1.2.
[[nodiscard]] torch::Tensor orthogonalised(const torch::Tensor& matrix);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Muon: momentum whose update is orthogonalised, so that every direction of a weight matrix moves at the same pace.
#pragma once

#include <torch/torch.h>

#include <vector>

namespace rdenoise::training {

/// Matrices of one shape that lie one after the other in a buffer.
struct MatrixStack {
  std::int64_t count = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024). A convolution's weight is
/// taken as the matrix [out, in·k·k]. Matrices of one shape are orthogonalised together.
class Muon {
 public:
  /// parameters  one buffer, filled by the stacks in order; updated in place. May be empty.
  Muon(torch::Tensor parameters, std::vector<MatrixStack> stacks);

  /// One update from a gradient of the same layout.
  void step(const torch::Tensor& gradient, double learning_rate);

  [[nodiscard]] const torch::Tensor& momentum() const noexcept { return momentum_; }

 private:
  torch::Tensor parameters_;
  torch::Tensor momentum_;
  std::vector<MatrixStack> stacks_;
};

/// The nearest matrices with equal singular values, roughly: five Newton-Schulz steps bring them all to 0.7 … 1.2.
/// matrices  [rows, columns] or a stack of such
[[nodiscard]] torch::Tensor orthogonalised(const torch::Tensor& matrices);

}  // namespace rdenoise::training

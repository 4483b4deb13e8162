// SPDX-License-Identifier: LGPL-2.1-or-later
// Adam on one buffer: seven kernels a step for the whole network.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

/// Source: Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), algorithm 1, with its constants.
class FlatAdam {
 public:
  /// parameters  [count], updated in place
  explicit FlatAdam(torch::Tensor parameters);

  /// step  how many updates went before
  void step(const torch::Tensor& gradient, double learning_rate, std::int64_t step);

  [[nodiscard]] const torch::Tensor& first_moment() const noexcept { return first_moment_; }
  [[nodiscard]] const torch::Tensor& second_moment() const noexcept { return second_moment_; }

 private:
  torch::Tensor parameters_;
  torch::Tensor first_moment_;
  torch::Tensor second_moment_;
};

}  // namespace rdenoise::training

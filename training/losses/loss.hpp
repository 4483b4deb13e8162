// SPDX-License-Identifier: LGPL-2.1-or-later
// The loss that a recipe asks for, at each step of its run.
#pragma once

#include <torch/torch.h>

#include "losses/loss_recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {

/// What a network should have answered.
struct LossTarget {
  torch::Tensor clean;     ///< [n, channels, h, w]
  torch::Tensor sigma;     ///< σ of each sample of clean, for weighing the error
  bool true_sigma = true;  ///< false: sigma is only measured, so nothing is learnt from it
};

/// A plain value, the same on every device and in every process.
class Loss {
 public:
  /// steps  of the whole run
  Loss(LossRecipe recipe, std::int64_t steps) : recipe_(std::move(recipe)), steps_(steps) {}

  /// Which one counts at a step.
  [[nodiscard]] LossKind kind_at(std::int64_t step) const noexcept;

  /// Scalar, mean over the batch.
  [[nodiscard]] torch::Tensor operator()(const NetworkOutput& output, const LossTarget& target,
                                         std::int64_t step) const;

 private:
  LossRecipe recipe_;
  std::int64_t steps_;
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/noise_map_losses.hpp"

#include "losses/pixel_losses.hpp"

namespace rdenoise::training {

torch::Tensor asymmetric_loss(const torch::Tensor& estimated, const torch::Tensor& sigma, double alpha) {
  const torch::Tensor error = estimated - sigma;
  const torch::Tensor weight =
      torch::where(error < 0, torch::full_like(error, 1.0 - alpha), torch::full_like(error, alpha));
  return (weight * error.square()).mean();
}

torch::Tensor total_variation(const torch::Tensor& estimated) {
  const auto squared_steps = [&](int axis) { return estimated.diff(1, axis).square().mean(); };
  return squared_steps(2) + squared_steps(3);
}

torch::Tensor cbdnet_loss(const torch::Tensor& picture, const torch::Tensor& clean, const torch::Tensor& estimated,
                          const torch::Tensor& sigma, const CbdnetWeights& weights) {
  const torch::Tensor loss = squared_loss(picture, clean) + weights.variation_weight * total_variation(estimated);
  if (!sigma.defined()) return loss;
  return loss + weights.asymmetric_weight * asymmetric_loss(estimated, sigma, weights.asymmetry);
}

}  // namespace rdenoise::training

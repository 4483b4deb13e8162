// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/pixel_losses.hpp"

namespace rdenoise::training {
namespace {

constexpr double min_loss_sigma = 1.0 / 255.0;

}  // namespace

torch::Tensor absolute_loss(const torch::Tensor& estimate, const torch::Tensor& clean) {
  return (estimate - clean).abs().mean();
}

torch::Tensor squared_loss(const torch::Tensor& estimate, const torch::Tensor& clean) {
  return (estimate - clean).square().mean();
}

torch::Tensor power_loss(const torch::Tensor& estimate, const torch::Tensor& clean, const torch::Tensor& sigma,
                         double power, double sigma_power) {
  const torch::Tensor error = (estimate - clean).abs();
  const torch::Tensor powered = power == 1.0 ? error : power == 2.0 ? error.square() : error.pow(power);
  if (sigma_power == 0.0) return powered.mean();
  return (powered / sigma.clamp_min(min_loss_sigma).pow(sigma_power)).mean();
}

torch::Tensor residual_loss(const torch::Tensor& estimate, const torch::Tensor& clean) {
  return (estimate - clean).square().sum() / (2.0 * static_cast<double>(clean.size(0)));
}

}  // namespace rdenoise::training

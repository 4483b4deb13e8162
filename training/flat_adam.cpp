// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flat_adam.hpp"

#include <cmath>

namespace rdenoise::training {
namespace {

constexpr double first_decay = 0.9;
constexpr double second_decay = 0.999;
constexpr double epsilon = 1e-8;

}  // namespace

FlatAdam::FlatAdam(torch::Tensor parameters)
    : parameters_(std::move(parameters)),
      first_moment_(torch::zeros_like(parameters_)),
      second_moment_(torch::zeros_like(parameters_)) {}

void FlatAdam::step(const torch::Tensor& gradient, double learning_rate, std::int64_t step) {
  torch::NoGradGuard guard;
  if (parameters_.numel() == 0) return;
  const auto updates = static_cast<double>(step + 1);
  first_moment_.mul_(first_decay).add_(gradient, 1.0 - first_decay);
  second_moment_.mul_(second_decay).addcmul_(gradient, gradient, 1.0 - second_decay);
  const double first_share = 1.0 - std::pow(first_decay, updates);
  const double second_share = 1.0 - std::pow(second_decay, updates);
  const torch::Tensor deviation = second_moment_.sqrt().div_(std::sqrt(second_share)).add_(epsilon);
  parameters_.addcdiv_(first_moment_, deviation, -learning_rate / first_share);
}

}  // namespace rdenoise::training

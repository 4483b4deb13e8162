// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temperature.hpp"

#include <cmath>
#include <numbers>

#include "losses/cross_entropy.hpp"

namespace rdenoise::training {
namespace {

constexpr double most_temperature = 20.0;
constexpr double tolerance = 1e-6;  // of the inverse temperature's logarithm

}  // namespace

double fit_temperature(const torch::Tensor& scores, const torch::Tensor& labels) {
  torch::NoGradGuard guard;
  const torch::Tensor exact = scores.to(torch::kCPU, torch::kDouble);
  const torch::Tensor on_cpu = labels.to(torch::kCPU);
  if (!exact.isfinite().all().item<bool>()) return 1.0;
  const auto loss = [&](double log_inverse) {
    return cross_entropy(exact * std::exp(log_inverse), on_cpu).item<double>();
  };
  // The likelihood is convex in the inverse temperature, so it has one valley in its logarithm too: golden section.
  constexpr double kept = 1.0 / std::numbers::phi;
  double low = -std::log(most_temperature);
  double high = -low;
  double left = high - kept * (high - low);
  double right = low + kept * (high - low);
  double loss_left = loss(left);
  double loss_right = loss(right);
  while (high - low > tolerance) {
    if (loss_left <= loss_right) {
      high = right;
      right = left;
      loss_right = loss_left;
      left = high - kept * (high - low);
      loss_left = loss(left);
    } else {
      low = left;
      left = right;
      loss_left = loss_right;
      right = low + kept * (high - low);
      loss_right = loss(right);
    }
  }
  return std::exp(-0.5 * (low + high));
}

}  // namespace rdenoise::training

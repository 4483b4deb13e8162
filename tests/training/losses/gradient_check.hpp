// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <torch/torch.h>

#include <functional>

namespace rdenoise::test {

using ScalarFunction = std::function<torch::Tensor(const torch::Tensor&)>;

/// Largest difference of autograd's gradient at x (double) from central differences, against its largest value. With a
/// step of 1e-5 the differences err by 1e-10 (third derivative) and 1e-11 (rounding) times the function's size.
inline double gradient_error(const ScalarFunction& loss, const torch::Tensor& x) {
  constexpr double step = 1e-5;
  const torch::Tensor variable = x.detach().clone().requires_grad_(true);
  loss(variable).backward();
  const torch::Tensor gradient = variable.grad().contiguous().view({-1});
  torch::NoGradGuard guard;
  torch::Tensor moved = x.detach().clone().contiguous();
  double* const values = moved.data_ptr<double>();
  double worst = 0.0;
  for (std::int64_t i = 0; i < moved.numel(); ++i) {
    const double kept = values[i];
    values[i] = kept + step;
    const double above = loss(moved).item<double>();
    values[i] = kept - step;
    const double below = loss(moved).item<double>();
    values[i] = kept;
    worst = std::max(worst, std::abs(gradient[i].item<double>() - (above - below) / (2.0 * step)));
  }
  return worst / gradient.abs().max().item<double>();
}

/// Two pictures in double, [2, 2, 5, 6], nowhere nearer to each other than 0.02, where |error| has no derivative.
struct PicturePair {
  torch::Tensor estimate;
  torch::Tensor clean;
};
inline PicturePair picture_pair() {
  torch::manual_seed(3);
  const torch::Tensor clean = torch::rand({2, 2, 5, 6}, torch::kDouble);
  const torch::Tensor error = torch::randn({2, 2, 5, 6}, torch::kDouble) * 0.2;
  return {clean + error + 0.02 * error.sign(), clean};
}

constexpr double gradient_tolerance = 1e-6;

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "muon.hpp"

#include <cmath>

namespace rdenoise::training {
namespace {

constexpr double momentum_share = 0.95;
constexpr int newton_schulz_steps = 5;

}  // namespace

torch::Tensor orthogonalised(const torch::Tensor& matrices) {
  const bool tall = matrices.size(-2) > matrices.size(-1);
  torch::Tensor x = (tall ? matrices.transpose(-2, -1) : matrices);
  if (x.dim() == 2) x = x.unsqueeze(0);
  x = x / (x.norm(2, {-2, -1}, /*keepdim=*/true) + 1e-12);
  for (int i = 0; i < newton_schulz_steps; ++i) {
    // The quintic of the source, steep at zero and flat around one: 3.4445 x − 4.7750 a x + 2.0315 a² x, a = x xᵀ.
    const torch::Tensor a = torch::bmm(x, x.transpose(-2, -1));
    const torch::Tensor b = torch::baddbmm(a, a, a, /*beta=*/-4.7750, /*alpha=*/2.0315);
    x = torch::baddbmm(x, b, x, /*beta=*/3.4445);
  }
  return (tall ? x.transpose(-2, -1) : x).reshape(matrices.sizes());
}

Muon::Muon(torch::Tensor parameters, std::vector<MatrixStack> stacks)
    : parameters_(std::move(parameters)), momentum_(torch::zeros_like(parameters_)), stacks_(std::move(stacks)) {}

void Muon::step(const torch::Tensor& gradient, double learning_rate) {
  torch::NoGradGuard guard;
  if (stacks_.empty()) return;
  momentum_.lerp_(gradient, 1.0 - momentum_share);
  const torch::Tensor ahead = gradient.lerp(momentum_, momentum_share);  // Nesterov
  std::int64_t at = 0;
  for (const MatrixStack& stack : stacks_) {
    const std::int64_t length = stack.count * stack.rows * stack.columns;
    const torch::Tensor update =
        orthogonalised(ahead.narrow(0, at, length).view({stack.count, stack.rows, stack.columns}));
    const double scale = std::sqrt(std::max(1.0, static_cast<double>(stack.rows) / static_cast<double>(stack.columns)));
    parameters_.narrow(0, at, length).view_as(update).sub_(update, learning_rate * scale);
    at += length;
  }
}

}  // namespace rdenoise::training

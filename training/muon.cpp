// SPDX-License-Identifier: LGPL-2.1-or-later
#include "muon.hpp"

#include <cmath>

namespace rdenoise::training {
namespace {

constexpr double momentum = 0.95;
constexpr int newton_schulz_steps = 5;

}  // namespace

torch::Tensor orthogonalised(const torch::Tensor& matrix) {
  const bool tall = matrix.size(0) > matrix.size(1);
  torch::Tensor x = tall ? matrix.t() : matrix;
  x = x / (x.norm() + 1e-12);
  for (int i = 0; i < newton_schulz_steps; ++i) {
    // The quintic of the source: steep at zero, flat around one.
    const torch::Tensor a = torch::mm(x, x.t());
    const torch::Tensor b = -4.7750 * a + 2.0315 * torch::mm(a, a);
    x = 3.4445 * x + torch::mm(b, x);
  }
  return tall ? x.t() : x;
}

Muon::Muon(std::map<std::string, torch::Tensor> parameters) : parameters_(std::move(parameters)) {
  for (const auto& [name, tensor] : parameters_) momentum_[name] = torch::zeros_like(tensor).detach();
}

void Muon::step(double learning_rate) {
  torch::NoGradGuard guard;
  for (auto& [name, parameter] : parameters_) {
    const torch::Tensor& gradient = parameter.grad();
    if (!gradient.defined()) continue;
    torch::Tensor& average = momentum_.at(name);
    average.lerp_(gradient, 1.0 - momentum);
    const torch::Tensor ahead = gradient.lerp(average, momentum);  // Nesterov
    const torch::Tensor update = orthogonalised(ahead.reshape({ahead.size(0), -1}));
    const double scale =
        std::sqrt(std::max(1.0, static_cast<double>(update.size(0)) / static_cast<double>(update.size(1))));
    parameter.sub_(update.view_as(parameter), learning_rate * scale);
  }
}

}  // namespace rdenoise::training

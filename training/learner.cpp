// SPDX-License-Identifier: LGPL-2.1-or-later
#include "learner.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

TorchNetwork network_on(const Recipe& recipe, torch::Device device) {
  TorchNetwork network(build_network(recipe.network), recipe.seed, recipe.optimiser.initialisation);
  network.to(device);
  return network;
}

std::map<std::string, torch::Tensor> muon_weights(const OptimiserRecipe& recipe, const TorchNetwork& network) {
  if (recipe.algorithm != "muon") return {};
  return network.hidden_weights();
}

MatrixStack as_matrix(const torch::Tensor& weight) { return {1, weight.size(0), weight[0].numel()}; }

/// Muon's tensors, those of one shape side by side.
std::vector<NamedTensor> by_shape(const std::map<std::string, torch::Tensor>& weights) {
  std::vector<NamedTensor> sorted;
  for (const auto& [name, tensor] : weights) sorted.push_back({name, tensor});
  std::ranges::stable_sort(
      sorted, {}, [](const NamedTensor& named) { return std::pair(named.tensor.size(0), named.tensor[0].numel()); });
  return sorted;
}

std::vector<MatrixStack> stacks_of(const std::vector<NamedTensor>& sorted) {
  std::vector<MatrixStack> stacks;
  for (const NamedTensor& named : sorted) {
    const MatrixStack one = as_matrix(named.tensor);
    if (!stacks.empty() && stacks.back().rows == one.rows && stacks.back().columns == one.columns)
      ++stacks.back().count;
    else
      stacks.push_back(one);
  }
  return stacks;
}

/// Adam's tensors by name, then Muon's.
std::vector<NamedTensor> in_flat_order(const OptimiserRecipe& recipe, const TorchNetwork& network) {
  const auto muon = muon_weights(recipe, network);
  std::vector<NamedTensor> order;
  for (const auto& [name, tensor] : network.state())
    if (tensor.requires_grad() && !muon.contains(name)) order.push_back({name, tensor});
  for (NamedTensor& named : by_shape(muon)) order.push_back(std::move(named));
  return order;
}

std::int64_t adam_count(const OptimiserRecipe& recipe, const TorchNetwork& network) {
  const auto muon = muon_weights(recipe, network);
  std::int64_t count = 0;
  for (const auto& [name, tensor] : network.state())
    if (tensor.requires_grad() && !muon.contains(name)) count += tensor.numel();
  return count;
}

void copy_state(const NamedTensors& from, const NamedTensors& to, const std::string& what) {
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : to) {
    const auto found = from.find(name);
    if (found == from.end() || found->second.sizes() != tensor.sizes())
      throw Error(ErrorCode::corrupt,
                  "resuming: expected " + what + " " + name + " of the recipe's network, found none such");
    tensor.copy_(found->second);
  }
}

}  // namespace

double learning_rate(const OptimiserRecipe& recipe, std::int64_t step) {
  if (step < recipe.warmup_steps) return recipe.learning_rate * static_cast<double>(step + 1) / recipe.warmup_steps;
  const double decay_start = recipe.decay_from * recipe.steps;
  const double progress = (static_cast<double>(step) - decay_start) / std::max(1.0, recipe.steps - decay_start);
  const double share = 0.5 + 0.5 * std::cos(std::numbers::pi * std::clamp(progress, 0.0, 1.0));
  return recipe.final_learning_rate + (recipe.learning_rate - recipe.final_learning_rate) * share;
}

Learner::Learner(const Recipe& recipe, torch::Device device)
    : recipe_(recipe.optimiser),
      network_(network_on(recipe, device)),
      average_(network_on(recipe, device)),
      adam_count_(adam_count(recipe_, network_)),
      stacks_(stacks_of(by_shape(muon_weights(recipe_, network_)))),
      parameters_(in_flat_order(recipe_, network_)),
      averaged_(in_flat_order(recipe_, average_)),
      exchange_(torch::zeros({parameters_.count() + 2}, parameters_.values().options())),
      clip_(device),
      adam_(parameters_.values().narrow(0, 0, adam_count_)),
      muon_(parameters_.values().narrow(0, adam_count_, parameters_.count() - adam_count_), stacks_) {}

torch::Tensor Learner::gradient() const { return exchange_.narrow(0, 0, parameters_.count()); }

bool Learner::exchange_gradients(torch::Tensor& loss, bool stop, ProcessGroup* processes) {
  torch::NoGradGuard guard;
  parameters_.take_gradients(gradient());
  if (processes == nullptr) return stop;
  torch::Tensor loss_place = exchange_[parameters_.count()];
  torch::Tensor stop_place = exchange_[parameters_.count() + 1];
  loss_place.copy_(loss);
  stop_place.fill_(stop ? 1.0 : 0.0);
  processes->average(exchange_);
  loss = loss_place.clone();
  return stop_place.item<float>() > 0.F;
}

void Learner::update(std::int64_t step) {
  const double rate = learning_rate(recipe_, step);
  const torch::Tensor whole = gradient();
  clip_.apply(whole, recipe_.clip_factor);
  adam_.step(whole.narrow(0, 0, adam_count_), rate, step);
  muon_.step(whole.narrow(0, adam_count_, parameters_.count() - adam_count_),
             recipe_.muon_learning_rate * rate / recipe_.learning_rate);
  update_average(step);
}

void Learner::update_average(std::int64_t step) {
  torch::NoGradGuard guard;
  // While there are few steps, the average must not remember the random start.
  const double decay =
      std::min(recipe_.average_decay, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)));
  averaged_.values().lerp_(parameters_.values(), 1.0 - decay);
}

bool Learner::is_finite() const {
  return (parameters_.values().isfinite().all() & averaged_.values().isfinite().all()).item<bool>();
}

void Learner::save_to(Checkpoint& checkpoint) const {
  checkpoint.weights = network_.state();
  checkpoint.average = average_.state();
  checkpoint.adam_first = parameters_.views(adam_.first_moment());
  checkpoint.adam_second = parameters_.views(adam_.second_moment());
  checkpoint.momentum = parameters_.views(muon_.momentum(), adam_count_);
  checkpoint.gradient_length = clip_.mean_length().item<double>();
}

void Learner::load_from(const Checkpoint& checkpoint) {
  copy_state(checkpoint.weights, network_.state(), "weights");
  copy_state(checkpoint.average, average_.state(), "averaged weights");
  copy_state(checkpoint.adam_first, parameters_.views(adam_.first_moment()), "first moments");
  copy_state(checkpoint.adam_second, parameters_.views(adam_.second_moment()), "second moments");
  copy_state(checkpoint.momentum, parameters_.views(muon_.momentum(), adam_count_), "momentum");
  torch::Tensor length = clip_.mean_length();
  length.fill_(checkpoint.gradient_length);
}

int Learner::take_over(const NamedTensors& weights) {
  int taken = 0;
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : network_.state()) {
    const auto found = weights.find(name);
    if (found == weights.end() || tensor.sizes() != found->second.sizes()) continue;
    tensor.copy_(found->second);
    ++taken;
  }
  copy_state(network_.state(), average_.state(), "weights");
  return taken;
}

void Learner::copy_from_first(ProcessGroup& processes) {
  for (const torch::Tensor& buffer : {parameters_.values(), averaged_.values(), adam_.first_moment(),
                                      adam_.second_moment(), muon_.momentum(), clip_.mean_length()})
    if (buffer.numel() > 0) processes.copy_from_first(buffer);
  for (const TorchNetwork* network : {&network_, &average_})
    for (const auto& [name, tensor] : network->state())
      if (!tensor.requires_grad()) processes.copy_from_first(tensor);
}

}  // namespace rdenoise::training

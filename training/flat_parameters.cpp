// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flat_parameters.hpp"

namespace rdenoise::training {

FlatParameters::FlatParameters(std::vector<NamedTensor> tensors) : tensors_(std::move(tensors)) {
  torch::NoGradGuard guard;
  std::vector<torch::Tensor> parts;
  for (const NamedTensor& named : tensors_) parts.push_back(named.tensor.detach().reshape(-1));
  values_ = torch::cat(parts);
  std::int64_t at = 0;
  for (NamedTensor& named : tensors_) {
    const std::int64_t length = named.tensor.numel();
    named.tensor.set_data(values_.narrow(0, at, length).view(named.tensor.sizes()));
    at += length;
  }
}

void FlatParameters::take_gradients(torch::Tensor gradient) {
  torch::NoGradGuard guard;
  // Backward hands over its own buffers if a tensor has no gradient yet; a place in ours would cost an addition each.
  std::vector<torch::Tensor> parts;
  for (NamedTensor& named : tensors_) {
    const torch::Tensor& own = named.tensor.grad();
    parts.push_back((own.defined() ? own : torch::zeros_like(named.tensor)).reshape(-1));
    named.tensor.mutable_grad() = torch::Tensor();
  }
  torch::cat_out(gradient, parts);
}

std::map<std::string, torch::Tensor> FlatParameters::views(const torch::Tensor& flat, std::int64_t from) const {
  std::map<std::string, torch::Tensor> views;
  std::int64_t at = 0;
  for (const NamedTensor& named : tensors_) {
    const std::int64_t length = named.tensor.numel();
    if (at >= from && at - from + length <= flat.numel())
      views[named.name] = flat.narrow(0, at - from, length).view(named.tensor.sizes());
    at += length;
  }
  return views;
}

}  // namespace rdenoise::training

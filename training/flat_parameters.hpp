// SPDX-License-Identifier: LGPL-2.1-or-later
// All trained tensors of a network in one buffer, so that averaging, clipping, exchange and update are a handful of
// kernels whatever the number of layers: with sixty small tensors a GPU would wait for launches most of the time.
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

namespace rdenoise::training {

struct NamedTensor {
  std::string name;
  torch::Tensor tensor;
};

class FlatParameters {
 public:
  /// The tensors become views of the buffer, one after the other in the given order; their values stay.
  /// tensors  contiguous float leaves on one device
  explicit FlatParameters(std::vector<NamedTensor> tensors);

  [[nodiscard]] const torch::Tensor& values() const noexcept { return values_; }  ///< [count]
  [[nodiscard]] std::int64_t count() const noexcept { return values_.numel(); }

  /// Moves the tensors' gradients into `gradient` ([count]), zeros for a tensor that has none, and leaves the tensors
  /// without one.
  void take_gradients(torch::Tensor gradient);

  /// Views by name into another buffer of the same layout, or of the part of it that starts at `from`: those tensors
  /// that lie in it.
  [[nodiscard]] std::map<std::string, torch::Tensor> views(const torch::Tensor& flat, std::int64_t from = 0) const;

 private:
  std::vector<NamedTensor> tensors_;
  torch::Tensor values_;
};

}  // namespace rdenoise::training

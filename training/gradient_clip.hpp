// SPDX-License-Identifier: LGPL-2.1-or-later
// Shortens gradients that are far longer than usual, without asking the device for the length.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

/// Without batch norm a single bad batch can throw a deep stack off; what is bad shows only against the usual length.
class GradientClip {
 public:
  explicit GradientClip(torch::Device device);

  /// Scales the gradient to at most `factor` times the running mean of the lengths so far, and counts it in. One that
  /// is not finite becomes zero.
  void apply(torch::Tensor gradient, double factor);

  /// Running mean length, a number on the device; 0 before the first gradient.
  [[nodiscard]] const torch::Tensor& mean_length() const noexcept { return mean_length_; }
  /// How many gradients were not finite since this was last asked. Waits for the device.
  [[nodiscard]] std::int64_t take_rejected();

 private:
  torch::Tensor mean_length_;
  torch::Tensor rejected_;
};

}  // namespace rdenoise::training

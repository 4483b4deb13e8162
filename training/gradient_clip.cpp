// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gradient_clip.hpp"

#include <limits>

namespace rdenoise::training {
namespace {

constexpr double mean_length_rate = 0.02;

}  // namespace

GradientClip::GradientClip(torch::Device device)
    : mean_length_(torch::zeros({}, torch::TensorOptions(device).dtype(torch::kFloat))),
      rejected_(torch::zeros({}, torch::TensorOptions(device).dtype(torch::kLong))) {}

void GradientClip::apply(torch::Tensor gradient, double factor) {
  torch::NoGradGuard guard;
  const torch::Tensor length = gradient.norm();
  const torch::Tensor finite = length.isfinite();
  const torch::Tensor limit =
      (mean_length_ * factor).masked_fill(mean_length_ <= 0.0, std::numeric_limits<float>::max());
  const torch::Tensor scale = (limit / (length + 1e-6)).clamp_max(1.0);
  // A product would keep NaN: 0·NaN is NaN.
  gradient.mul_(scale).masked_fill_(finite.logical_not(), 0.0);
  const torch::Tensor clipped = torch::minimum(length, limit);
  const torch::Tensor mean = torch::where(mean_length_ > 0.0, mean_length_.lerp(clipped, mean_length_rate), clipped);
  mean_length_.copy_(torch::where(finite, mean, mean_length_));
  rejected_.add_(finite.logical_not());
}

std::int64_t GradientClip::take_rejected() {
  const auto count = rejected_.item<std::int64_t>();
  rejected_.zero_();
  return count;
}

}  // namespace rdenoise::training

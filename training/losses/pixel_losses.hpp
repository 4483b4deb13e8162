// SPDX-License-Identifier: LGPL-2.1-or-later
// Losses that look at one sample at a time.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

// All tensors here are [n, channels, h, w] on one device; the result is a scalar that can be differentiated.

/// L1: mean |estimate − clean|
[[nodiscard]] torch::Tensor absolute_loss(const torch::Tensor& estimate, const torch::Tensor& clean);

/// L2: mean (estimate − clean)²
[[nodiscard]] torch::Tensor squared_loss(const torch::Tensor& estimate, const torch::Tensor& clean);

/// mean(|estimate − clean|^p / σ^q), σ not below one 8-bit step, so that no noise level outweighs the others.
/// sigma  true σ of each sample of clean
[[nodiscard]] torch::Tensor power_loss(const torch::Tensor& estimate, const torch::Tensor& clean,
                                       const torch::Tensor& sigma, double power, double sigma_power);

/// Half the squared length of the error of a whole patch, mean over the batch: 1/(2N)·Σ ‖R(yᵢ) − (yᵢ − xᵢ)‖². The error
/// of the predicted noise R is that of the picture y − R with the sign turned, so the picture is all that is needed.
/// Source: Zhang, Zuo, Chen, Meng, Zhang, "Beyond a Gaussian denoiser", IEEE TIP 2017, equation 1.
[[nodiscard]] torch::Tensor residual_loss(const torch::Tensor& estimate, const torch::Tensor& clean);

}  // namespace rdenoise::training

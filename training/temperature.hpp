// SPDX-License-Identifier: LGPL-2.1-or-later
// How sure a classifier may be.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

/// The temperature by which scores are divided before the softmax so that the labels of pictures not trained on are
/// likeliest: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2.
/// Which class is likeliest stays as it is.
/// scores  [n, classes], any device
/// labels  [n] int64
/// return  1/20 … 20: scores that are always right would have 0, those that say nothing infinity; 1 if some are not
///         finite
[[nodiscard]] double fit_temperature(const torch::Tensor& scores, const torch::Tensor& labels);

}  // namespace rdenoise::training

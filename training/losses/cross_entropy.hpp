// SPDX-License-Identifier: LGPL-2.1-or-later
// The loss of a classifier.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

/// −mean log softmax(scores)[label], in nats.
/// scores  [n, classes], or planes [n, classes, h, w], whose means are the scores
/// labels  [n] int64
/// throws  Error{invalid_argument} for other shapes
[[nodiscard]] torch::Tensor cross_entropy(const torch::Tensor& scores, const torch::Tensor& labels);

/// How many of the n have the highest score where the label is: a scalar, int64. Same arguments.
[[nodiscard]] torch::Tensor correct_count(const torch::Tensor& scores, const torch::Tensor& labels);

}  // namespace rdenoise::training

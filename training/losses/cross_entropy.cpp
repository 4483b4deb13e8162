// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/cross_entropy.hpp"

#include <rdenoise/error.hpp>
#include <sstream>

namespace rdenoise::training {
namespace {

/// [n, classes]
torch::Tensor class_scores(const torch::Tensor& scores, const torch::Tensor& labels) {
  const bool fits = (scores.dim() == 2 || scores.dim() == 4) && labels.dim() == 1 && labels.size(0) == scores.size(0);
  if (!fits) {
    std::ostringstream found;
    found << "scores " << scores.sizes() << " and labels " << labels.sizes();
    throw Error(ErrorCode::invalid_argument,
                "measuring a classifier: expected scores [n, classes] or [n, classes, h, w] and n labels, found " +
                    found.str());
  }
  return scores.dim() == 4 ? scores.mean({2, 3}) : scores;
}

}  // namespace

torch::Tensor cross_entropy(const torch::Tensor& scores, const torch::Tensor& labels) {
  const torch::Tensor log_probability = torch::log_softmax(class_scores(scores, labels), 1);
  return -log_probability.gather(1, labels.unsqueeze(1)).mean();
}

torch::Tensor correct_count(const torch::Tensor& scores, const torch::Tensor& labels) {
  return (class_scores(scores, labels).argmax(1) == labels).sum();
}

}  // namespace rdenoise::training

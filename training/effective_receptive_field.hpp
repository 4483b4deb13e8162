// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of its receptive field a network really uses, measured by back-propagation.
#pragma once

#include <torch/torch.h>

#include <rdenoise/model.hpp>

namespace rdenoise::training {

struct EffectiveReceptiveField {
  int theoretical_px = 0;     ///< width of the square that can matter, 2·radius + 1
  double effective_px = 0.0;  ///< root of the number of pixels whose influence is above 4.55 % of the largest
  torch::Tensor influence;    ///< [height, width] mean |∂ output centre / ∂ input|, largest 1
};

/// Mean over `pictures` random pictures of the gradient of the centre pixel of the output (all channels) with respect
/// to the input. Source: Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep convolutional
/// neural networks", NeurIPS 2016, section 3.
[[nodiscard]] EffectiveReceptiveField measure_receptive_field(const Model& model, int pictures = 8);

}  // namespace rdenoise::training

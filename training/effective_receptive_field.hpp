// SPDX-License-Identifier: LGPL-2.1-or-later
// How much of its receptive field a network really uses, measured by back-propagation.
#pragma once

#include <torch/torch.h>

#include <rdenoise/model.hpp>
#include <vector>

#include "torch_network.hpp"

namespace rdenoise::training {

/// What the largest influence is, that others are measured against.
enum class CentrePixel {
  counts,   ///< that of any pixel, as in the paper
  left_out  ///< that of any but the output pixel itself. A residual network's output holds the noisy pixel as it is,
            ///< which says nothing about its layers but would outweigh all else in one that is not trained. Figures
            ///< with and without a residual, before and after training, can then be compared.
};

struct EffectiveReceptiveField {
  int theoretical_px = 0;     ///< width of the square that can matter, 2·radius + 1
  double effective_px = 0.0;  ///< root of the number of pixels whose influence is above 4.55 % of the largest
  torch::Tensor influence;  ///< [height, width] mean |∂ output centre / ∂ input|, largest 1; a centre that is left out
                            ///< and larger is 1, too
};

/// Mean over `pictures` random pictures of the gradient of the centre pixel of the output (all channels) with respect
/// to the input. Source: Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep convolutional
/// neural networks", NeurIPS 2016, section 3.
[[nodiscard]] EffectiveReceptiveField measure_receptive_field(const Model& model,
                                                              CentrePixel centre = CentrePixel::counts,
                                                              int pictures = 8);

/// The same of an untrained network, mean over `draws` sets of weights. Norms are as they start, the identity.
/// throws  Error{invalid_argument} if the initialisation does not suit the network
[[nodiscard]] EffectiveReceptiveField measure_untrained_receptive_field(const NetworkSpec& spec,
                                                                        Initialisation initialisation,
                                                                        CentrePixel centre = CentrePixel::left_out,
                                                                        int draws = 8);

/// Mean influence of the pixels whose distance from the centre rounds to 0, 1, 2 … px, as far as the theoretical field
/// reaches along its axes.
[[nodiscard]] std::vector<double> influence_by_distance(const EffectiveReceptiveField& field);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Losses for networks that estimate the noise themselves, after Guo, Yan, Zhang, Zuo, Zhang, "Toward convolutional
// blind denoising of real photographs" (CBDNet), CVPR 2019, section 3.3. Means take the place of the paper's sums, for
// all terms alike, so that their weights do not depend on the patch.
#pragma once

#include <torch/torch.h>

namespace rdenoise::training {

/// mean |α − [estimated < true]|·(estimated − true)²: for α < ½ too little costs more than too much, since
/// a denoiser that is told too little leaves noise, one that is told too much hardly harms.
/// estimated, sigma  σ maps [n, channels, h, w]
[[nodiscard]] torch::Tensor asymmetric_loss(const torch::Tensor& estimated, const torch::Tensor& sigma,
                                            double alpha = 0.3);

/// mean (∂ₕ)² + mean (∂ᵥ)² by differences of neighbours: noise levels change slowly from place to place.
/// At least 2 × 2 pixels.
[[nodiscard]] torch::Tensor total_variation(const torch::Tensor& estimated);

struct CbdnetWeights {
  double asymmetry = 0.3;          ///< α
  double asymmetric_weight = 0.5;  ///< λ_asymm
  double variation_weight = 0.05;  ///< λ_TV
};

/// L_rec + λ_asymm·L_asymm + λ_TV·L_TV, L_rec the mean squared error of the picture.
/// sigma   undefined where the true σ is not known (real pairs): then without L_asymm
[[nodiscard]] torch::Tensor cbdnet_loss(const torch::Tensor& picture, const torch::Tensor& clean,
                                        const torch::Tensor& estimated, const torch::Tensor& sigma,
                                        const CbdnetWeights& weights = {});

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Which noise the planes of a 4:2:0 patch get, and what the network is told of it.
#pragma once

#include <array>

#include "training_noise.hpp"

namespace rdenoise::training {

struct Yuv420Noise {
  PatchNoise luma;                                ///< its sigma_scale has the size of a plane and goes for chroma too
  std::array<double, 2> chroma_factor{1.0, 1.0};  ///< σ of U and V over that of luma
  std::array<double, 2> chroma_told_factor{1.0, 1.0};  ///< σ of U and V that the network is told, over the true ones
};

/// Luma as draw_noise, the factors of U and V uniform over 0.4 … 1.2, each with an error of its own in what is told.
/// White noise of equal σ in R, G and B leaves U 0.43 and V 0.45 of luma's σ, once BT.709 and the mean of four pixels
/// have been at it; video with noise added to its planes has 1; a camera's white balance makes chroma stronger.
///
/// patch_px  side of a plane
[[nodiscard]] Yuv420Noise draw_yuv420_noise(const NoiseRecipe& recipe, int patch_px, PatchRandom& random);

/// Draws the noise. That of chroma grows with the mean luma of its cell. What is told of luma is the variance of the
/// noisy signal as in the denoiser's map; of U and V one level for the whole patch (times sigma_scale), which is all
/// that a model of their own signal can know of it.
///
/// clean  six planes one below the other, see domains/yuv420.cpp
[[nodiscard]] Sample with_yuv420_noise(Image clean, const Yuv420Noise& noise, NoiseSeed seed);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Which noise a training patch gets, and what the network is told of it.
#pragma once

#include <optional>
#include <rdenoise/network.hpp>
#include <rdenoise/noise.hpp>

#include "data/patch_random.hpp"
#include "data_recipe.hpp"
#include "sample.hpp"

namespace rdenoise::training {

struct PatchNoise {
  NoiseModel model;                  ///< of every channel
  std::optional<Image> sigma_scale;  ///< gray, of the patch's size: factor of σ at each pixel, 0 … 1; nullopt: 1
  bool clip = false;                 ///< the noisy picture is clipped to 0 … 1
  double told_factor = 1.0;          ///< σ that the network is told, over the true one
};

/// White noise: σ uniform over the range. Signal-dependent: σ at signal 0.5 uniform, the share of it that is shot noise
/// uniform, so that a·0.5 + b = σ². Bayer: photon transfer of real cameras, a log-uniform over 1e-5 … 4e-2 and b
/// log-uniform over 1e-3 … 3 times a² plus a floor (read noise of about 0.03 … 1.7 photon steps).
///
/// Spatial: the model is that of the strongest noise, and the factor of σ runs from the least of the recipe's range to
/// 1; half of these patches get a smooth field (random levels on a grid of 4×4, bilinear between), half get two to four
/// regions with straight edges.
[[nodiscard]] PatchNoise draw_noise(const NoiseRecipe& recipe, InputDomain input, int patch_px, PatchRandom& random);

/// Noise that is there already: sigma of the clean signal, told variance of the noisy one.
[[nodiscard]] Sample with_known_noise(Image clean, Image noisy, const PatchNoise& noise);

/// Draws the noise. The told variance is that of the noisy signal, as the denoiser's map; sigma that of the clean one.
[[nodiscard]] Sample with_noise(Image clean, const PatchNoise& noise, NoiseSeed seed);

/// Adds noise of the model, its σ scaled from place to place, and clips if so told.
void add_patch_noise(Image& picture, const PatchNoise& noise, NoiseSeed seed);

}  // namespace rdenoise::training

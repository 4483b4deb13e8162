// SPDX-License-Identifier: LGPL-2.1-or-later
// Which noise each training patch gets, and how the network is told of it.
#pragma once

#include <torch/torch.h>

#include <rdenoise/network.hpp>
#include <rdenoise/noise.hpp>

#include "recipe.hpp"

namespace rdenoise::training {

/// Draws the noise of one patch. draw: three uniform numbers of this patch.
/// White noise: σ uniform over the range. Signal-dependent: σ at signal 0.5 uniform, the share of it that is shot noise
/// uniform, so that a·0.5 + b = σ². Bayer: photon transfer of real cameras, a log-uniform over 1e-5 … 4e-2 and b
/// log-uniform over 1e-3 … 3 times a² plus a floor (read noise of about 0.03 … 1.7 photon steps).
[[nodiscard]] NoiseModel draw_noise(const NoiseRecipe& recipe, InputDomain input, const std::array<double, 3>& draw);

/// [n, 1, 1, 1] tensors of a and b.
struct NoiseTensors {
  torch::Tensor a;
  torch::Tensor b;
};
[[nodiscard]] NoiseTensors to_tensors(const std::vector<NoiseModel>& models, torch::Device device);

/// variance(x) = a·max(x, 0) + b, as NoiseModel::variance.
[[nodiscard]] torch::Tensor variance(const torch::Tensor& signal, const NoiseTensors& noise);

/// Noisy patches. On the CPU every patch is drawn by the library's sampler from (seed, first_patch + i); elsewhere from
/// the same variance by the device's Gaussian generator (the shot noise of training levels is near enough to it).
[[nodiscard]] torch::Tensor add_noise(const torch::Tensor& clean, const std::vector<NoiseModel>& models,
                                      std::uint64_t seed, std::uint64_t first_patch);

/// The σ map as the denoiser makes it: of the noisy signal, in variance averaged over channels and over factor×factor
/// pixels.
[[nodiscard]] torch::Tensor noise_map(const torch::Tensor& noisy, const NoiseTensors& noise, const Layer& map_layer);

}  // namespace rdenoise::training

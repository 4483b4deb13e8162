// SPDX-License-Identifier: LGPL-2.1-or-later
// NN3D: a network and a non-local filter in turns.
#pragma once

#include <functional>
#include <rdenoise/denoise.hpp>
#include <rdenoise/nonlocal.hpp>

namespace rdenoise {

struct Nn3dOptions {
  int iterations = 2;           ///< K, ≥ 1
  double tau_per_sigma = 0.25;  ///< τ of the non-local filter over the σ that the network was told
  /// False for a network made for one noise level, which would smooth a mixture too much: it is run on the noisy
  /// picture alone, and its estimate of a mixture is the mixture of the estimates, as if it were linear. (Not in the
  /// paper.)
  bool adapts_to_sigma = true;
  BlockGrouping grouping = NonlocalFilter::paper_grouping();
  int n_threads = 0;  ///< of the non-local filter; 0: all cores. The result does not depend on it
};

/// Denoises a picture whose white noise has the given σ.
using WhiteNoiseDenoiser = std::function<Image(const Image& picture, double sigma_8bit)>;

/// For k = 1 … K, with λ = 1/k: the network denoises λ·noisy + (1 − λ)·(last estimate), told λ·σ, and the non-local
/// filter smooths what it gives with τ = λ·σ/4, in groups found once in the first result of the network.
///
/// Source: Cruz, Foi, Katkovnik, Egiazarian, "Nonlocality-reinforced convolutional neural networks for image
/// denoising", IEEE SPL 2018
///
/// noisy   gray or rgb, any size
/// throws  Error{invalid_argument} for a negative or infinite σ or an option out of range; Error{unsupported} for
///         bayer; and what the network throws
[[nodiscard]] Image nn3d(const Image& noisy, double sigma_8bit, const WhiteNoiseDenoiser& network,
                         const Nn3dOptions& options = {});

/// The same with a model. Models with a noise map and bias-free ones adapt to σ, and so do blind ones that say they were
/// trained on a range of noise (noise_range_8bit) which reaches down to σ/K; others do not, whatever
/// options.adapts_to_sigma says.
[[nodiscard]] Image nn3d(const Image& noisy, double sigma_8bit, Denoiser& network, const Nn3dOptions& options = {});

}  // namespace rdenoise

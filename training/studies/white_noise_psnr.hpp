// SPDX-License-Identifier: LGPL-2.1-or-later
// PSNR over a folder with white noise added, as rdn eval measures it.
#pragma once

#include <rdenoise/denoise.hpp>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct WhiteNoise {
  double sigma_8bit = 25.0;
  double told_8bit = 25.0;  ///< what the network is told; blind ones do not listen
};

/// Means over the pictures [dB].
struct MeanPsnr {
  double noisy_db = 0.0;
  double denoised_db = 0.0;
};

/// Exact to the last bit of f32, since a study compares.  throws  as Denoiser
[[nodiscard]] Denoiser study_denoiser(Model model);

/// The same noise for every network: rdn eval's, with seed 0.
/// throws  StudyStopped, and as read_in_domain and Denoiser::denoise
[[nodiscard]] MeanPsnr white_noise_psnr(const StudyRun& run, Denoiser& denoiser, const std::vector<EvalItem>& pictures,
                                        const WhiteNoise& noise);

}  // namespace rdenoise::training

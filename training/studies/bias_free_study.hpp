// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of what additive constants cost above the noise that a network was trained for: Mohan, Kadkhodaie,
// Simoncelli, Fernandez-Granda, "Robust and interpretable blind image denoising via bias-free convolutional neural
// networks", ICLR 2020, figures 1 and 3.
#pragma once

#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct BiasFreeStudy {
  std::vector<double> sigmas_8bit{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100};
  double trained_up_to_8bit = 30.0;
  double wide_up_to_8bit = 0.0;  ///< also a network with biases that is trained up to here; 0: none
};

/// Trains bfcnn (no biases) and bfcnn-biased, its twin with biases, on one narrow range of σ, and measures both far
/// beyond. Test pictures: Set12, unless told otherwise. Writes
///   bias-free.csv   a row for each σ: sigma_8bit, psnr_in_db, bias_free_psnr_db, biased_psnr_db, and
///                   biased_wide_psnr_db if there is such a network
///   bias-free.svg   PSNR out against PSNR in, with the end of the trained range
/// throws  as StudyRun
void run_bias_free_study(const BiasFreeStudy& study, StudyRun& run);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of what it costs to tell a network a wrong noise level: Zhang, Zuo, Zhang, "FFDNet: toward a fast and
// flexible solution for CNN-based image denoising", IEEE TIP 2018, section IV-E.
#pragma once

#include <string>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct WrongSigmaStudy {
  std::vector<std::string> models;  ///< names, folders or files
  std::vector<double> true_8bit{15, 25, 50};
  std::vector<double> told_8bit{5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75};
};

/// Measures each model at each true σ, told each of the others: the figures of rdn eval --assume-sigma. Test pictures:
/// Set12 for models of gray, Kodak24 for all others, unless told otherwise. Writes
///   wrong-sigma.csv   model, true_sigma_8bit, told_sigma_8bit, psnr_in_db, psnr_db, change_db (against the true σ)
///   wrong-sigma.svg   PSNR against what is told, a line for each model and true σ
/// throws  Error{invalid_argument} for two models of one name or one that is blind, and as load_model and StudyRun
void run_wrong_sigma_study(const WrongSigmaStudy& study, StudyRun& run);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of real noise: blind networks against one that is told an estimate and against BM3D, on photographs with the
// mean of many exposures as reference. Guo, Yan, Zhang, Zuo, Zhang, "Toward convolutional blind denoising of real
// photographs", CVPR 2019, tables 1 and 2.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct RealNoiseStudy {
  std::vector<std::string> models;           ///< blind ones: names, folders or files
  std::vector<std::string> non_blind;        ///< that are told the noise
  std::vector<std::filesystem::path> pairs;  ///< folders as list_pairs takes them; none: the usual one, cc60
  std::string only;  ///< regular expression: pairs whose FOLDER/NAME it finds, the last folder's name; empty: all
};

/// Measures, on every pair, the noisy picture; each blind model; each non-blind one told what the library estimates;
/// and BM3D told the same as one σ. There are two estimates, that of rdn denoise and rdn eval --pairs ("a x + b") and
/// that for processed pictures ("level function"), each told as it is and as its σ at signal 0.5 for all levels. Writes
///   real-noise.csv        folder, pairs, method, told, told_sigma_8bit, psnr_db, ssim, psnr_gain_db, ssim_gain: means
///                         over a folder and, of several, over the pairs of all. Gains are against the noisy picture
///   real-noise-pairs.csv  folder, pair, method, told, told_sigma_8bit, psnr_db, ssim
///   real-noise.svg        what each method gains, against PSNR of the noisy picture
/// told_sigma_8bit is σ at signal 0.5, empty where nothing is told.
///
/// throws  Error{invalid_argument} as load_study_models, for models of other pictures than rgb and for `only` that is
/// no
///         regular expression or finds nothing; as list_pairs and read_in_domain; StudyStopped
void run_real_noise_study(const RealNoiseStudy& study, StudyRun& run);

}  // namespace rdenoise::training

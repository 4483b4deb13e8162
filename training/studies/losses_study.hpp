// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of loss functions: Zhao, Gallo, Frosio, Kautz, "Loss functions for image restoration with neural networks",
// IEEE TCI 2017, tables 1 and 2.
#pragma once

#include <string>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct LossesStudy {
  std::vector<std::string> tasks{"denoise+demosaic", "deblock"};
  /// Kinds as recipes write them; "l2-to-l1" changes from the one to the other after half of the steps.
  std::vector<std::string> losses{"l2", "l1", "ssim", "ms-ssim", "mix", "l2-to-l1"};
  double sigma_8bit = 10.0;  ///< white noise on the mosaics of the test
  int jpeg_quality = 10;     ///< of deblocking, both in training and in the test
};

/// Trains the same network with each loss on each task (recipes demosaic-study and deblock-study) and measures all by
/// the nine measures. Test pictures: Kodak24 for mosaics, LIVE1 for JPEG, unless told otherwise. Writes
///   losses.csv                 task, loss (`input`: what the networks are given), steps, then quality_names
///   losses-TASK.svg            SSIM against PSNR, a marker for each loss
///   losses-TASK-learning.svg   PSNR of the validation against the step, a line for each loss
/// throws  Error{invalid_argument} for an unknown task, Error{corrupt} for an unknown loss, and as StudyRun
void run_losses_study(const LossesStudy& study, StudyRun& run);

}  // namespace rdenoise::training

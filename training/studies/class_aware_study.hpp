// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of what a network gains that knows the class of its pictures: Remez, Litany, Giryes, Bronstein, "Class-aware
// fully convolutional Gaussian and Poisson denoising", IEEE TIP 2018.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studies/study_run.hpp"

namespace rdenoise::training {

struct ClassAwareStudy {
  std::string model;                 ///< with classes, by name or folder; empty: networks are trained by the recipes
  std::vector<std::string> classes;  ///< empty: all of the model, or face, flower, living-room, pet and street
  std::vector<double> sigmas_8bit{15, 25, 50};
  std::filesystem::path folders;  ///< holds NAME/test for each class; empty: `classes` in the folder of data
};

/// Measures on each class's test pictures the network for all classes and that of the class; the latter are trained
/// from the former. Writes
///   class-aware.csv   pictures_class, sigma_8bit, psnr_in_db, agnostic_psnr_db, aware_psnr_db, gain_db
///   class-aware.svg   gain against σ, a line for each class
/// throws  Error{not_found} for a class that the model does not have, and as load_model and StudyRun
void run_class_aware_study(const ClassAwareStudy& study, StudyRun& run);

}  // namespace rdenoise::training

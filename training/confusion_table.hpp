// SPDX-License-Identifier: LGPL-2.1-or-later
// Which classes a classifier takes for which.
#pragma once

#include <cstdint>
#include <filesystem>
#include <rdenoise/model.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

struct ConfusionTable {
  double sigma_8bit = 0.0;
  std::vector<std::string> classes;
  std::vector<std::vector<int>> likeliest;  ///< pictures, [true class][likeliest class]
  std::vector<int> unsure;                  ///< by true class: of the pictures, those below least_confidence
  int sure_and_right = 0;
  double mean_loss = 0.0;  ///< −log of the true class's probability, in nats

  [[nodiscard]] int pictures() const;
  [[nodiscard]] int right() const;
};

/// How test pictures are given to the classifier.
struct ConfusionPictures {
  std::filesystem::path data;   ///< has a folder for each class
  std::filesystem::path below;  ///< and in it this one; "": itself
  bool gray = false;            ///< as luma, as a gray denoiser would be given them; else as rgb, gray ones thrice
  std::uint64_t seed = 0;
};

/// Whole pictures with white noise, clipped to 0 … 1 as those of cameras are, by PictureClassifier.
/// throws  Error{not_found} for folders that are missing or empty; Error{invalid_argument} for pictures too small
[[nodiscard]] ConfusionTable measure_confusion(const ClassifierModel& classifier, const ConfusionPictures& pictures,
                                               double sigma_8bit);

/// As Markdown: a row for each class, columns for what its pictures were taken for.
[[nodiscard]] std::string to_markdown(const ConfusionTable& table);

}  // namespace rdenoise::training

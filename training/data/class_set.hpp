// SPDX-License-Identifier: LGPL-2.1-or-later
// Noisy pictures by class, as small as the classifier sees them.
#pragma once

#include <filesystem>
#include <vector>

#include "data/patch_random.hpp"
#include "data/stored_picture.hpp"
#include "recipe.hpp"
#include "training_noise.hpp"

namespace rdenoise::training {

struct LabelledPicture {
  Image picture;  ///< gray or rgb, encoded, side_px squared, with noise
  int label = 0;  ///< index into the recipe's classes
};

/// The recipe's folders are one for each class. Pictures are reduced to the recipe's shorter side by area, as the
/// denoiser does; squares are taken from anywhere along the longer one, of a picture up to a quarter larger, mirrored
/// at random. The noise is that of the full-size picture, weakened as the reduction averages it: white noise of σ over
/// the factor. All is drawn from the seed and the number of the picture in the run.
class ClassSet {
 public:
  /// throws  Error{not_found} for folders that are missing or empty, or a class with too few pictures to train and
  ///         validate, which is named; Error{invalid_argument} if the recipe's task is not classify
  ClassSet(const Recipe& recipe, const std::filesystem::path& data);

  /// Picture `index` of the step's batch; every class is as likely.
  [[nodiscard]] LabelledPicture training(std::int64_t step, int index) const;

  [[nodiscard]] int validation_count() const noexcept { return static_cast<int>(held_out_.size()); }
  /// The middle of a held-out picture, with white noise.
  [[nodiscard]] LabelledPicture validation(int index, double sigma_8bit) const;

 private:
  /// As large as the classifier ever sees it.
  struct ClassPicture {
    StoredPicture picture;
    double reduction = 1.0;  ///< shorter side of the file over that of the picture
    int label = 0;
  };
  /// A picture at the size at which it is looked at, and what that makes of its noise.
  struct View {
    StoredPicture picture;
    double reduction;
  };

  void read_class(const std::filesystem::path& data, const std::string& folder, int label);
  [[nodiscard]] View viewed(const ClassPicture& picture, double zoom) const;
  [[nodiscard]] Image with_noise(const View& view, const PatchPlace& place, PatchNoise noise, NoiseSeed seed) const;

  Recipe recipe_;
  std::vector<std::vector<ClassPicture>> training_;  ///< by class
  std::vector<ClassPicture> held_out_;
};

}  // namespace rdenoise::training

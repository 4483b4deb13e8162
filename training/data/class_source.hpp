// SPDX-License-Identifier: LGPL-2.1-or-later
// Batches for the network that tells what kind of picture it sees: noisy pictures by class, at the small size at which
// the classifier looks at them.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "recipe.hpp"

namespace rdenoise::training {

struct ClassBatch {
  torch::Tensor pictures;  ///< [n, channels, side, side] float, encoded signal with noise
  torch::Tensor labels;    ///< [n] int64, index into the recipe's classes
};

/// The recipe's folders are one for each class. Pictures are reduced to the recipe's shorter side, by area as the
/// denoiser does; squares are taken from anywhere along the longer one, a quarter of the size up and down, mirrored at
/// random. Noise is that of the full-size picture, weakened as the reduction averages it: white noise of σ over the
/// reduction factor. Every class is as likely. All is drawn from the seed and the number of the patch.
class ClassSource {
 public:
  /// throws  Error{not_found} for folders that are missing or empty, or a class with too few pictures to train and
  ///         validate; Error{invalid_argument} if the recipe's task is not classify
  ClassSource(const Recipe& recipe, const std::filesystem::path& data, torch::Device device);
  ~ClassSource();

  [[nodiscard]] ClassBatch training_batch(std::int64_t step) const;
  /// The middle of each held-out picture, with white noise.
  [[nodiscard]] ClassBatch validation_batch(double sigma_8bit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Batches for the network that tells what kind of picture it sees.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>

#include "recipe.hpp"

namespace rdenoise::training {

struct ClassBatch {
  torch::Tensor pictures;  ///< [n, channels, side, side] float, encoded signal with noise
  torch::Tensor labels;    ///< [n] int64, index into the recipe's classes
};

/// The pictures of ClassSet as tensors, made ahead as those of PatchSource.
class ClassSource {
 public:
  /// throws  as ClassSet
  ClassSource(const Recipe& recipe, const std::filesystem::path& data, torch::Device device);
  ~ClassSource();

  [[nodiscard]] ClassBatch training_batch(std::int64_t step) const;
  /// All held-out pictures, with white noise.
  [[nodiscard]] ClassBatch validation_batch(double sigma_8bit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise::training

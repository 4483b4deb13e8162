// SPDX-License-Identifier: LGPL-2.1-or-later
// Batches for the network that tells what kind of picture it sees.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>

#include "data/batch_share.hpp"
#include "recipe.hpp"

namespace rdenoise::training {

struct ClassBatch {
  torch::Tensor pictures;  ///< [n, channels, side, side] float, encoded signal with noise
  torch::Tensor labels;    ///< [n] int64, index into the recipe's classes
};

/// The pictures of ClassSet as tensors, made ahead as those of PatchSource.
class ClassSource {
 public:
  /// throws  as ClassSet; Error{invalid_argument} if the batch cannot be shared evenly
  ClassSource(const Recipe& recipe, const std::filesystem::path& data, torch::Device device, BatchShare share = {});
  ~ClassSource();

  /// Asked for in order, batches are ready before they are asked for. One caller at a time.
  [[nodiscard]] ClassBatch training_batch(std::int64_t step) const;
  /// The same batch without the thread that works ahead.
  [[nodiscard]] ClassBatch make_batch(std::int64_t step) const;
  /// All held-out pictures, with white noise.
  [[nodiscard]] ClassBatch validation_batch(double sigma_8bit) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Training batches: crops of pictures in memory, degraded by the recipe's task. All of it is made on the CPU, patch by
// patch in parallel and ahead of time, by the same functions of the library that denoise and test; so a batch is the
// same whatever the device.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "data/batch_share.hpp"
#include "recipe.hpp"
#include "tasks/task.hpp"

namespace rdenoise::training {

/// What one step trains on.
struct Batch {
  torch::Tensor clean;      ///< [n, channels, patch, patch] float
  torch::Tensor noisy;      ///< same
  torch::Tensor noise_map;  ///< as the network wants it; undefined for blind networks
  torch::Tensor sigma;      ///< same shape as clean: its true σ, for weighing the loss and for learning to estimate it
  bool true_sigma = true;   ///< false: real pairs, whose σ is unknown; sigma is the root mean square of each patch
};

/// Every number is drawn from the seed and the patch's number, so that a run is repeatable and can be resumed anywhere.
class PatchSource {
 public:
  /// Reads all pictures and pairs; keeps some scenes apart for validation.
  /// throws  Error{not_found|corrupt|io} for data that is missing, damaged or too small, Error{invalid_argument} if the
  ///         batch cannot be shared evenly
  PatchSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data, torch::Device device,
              BatchShare share = {});
  ~PatchSource();

  /// Asked for in order, batches are ready before they are asked for. One caller at a time.
  [[nodiscard]] Batch training_batch(std::int64_t step) const;
  /// The same batch without the thread that works ahead.
  [[nodiscard]] Batch make_batch(std::int64_t step) const;

  /// What validation is measured at: the task's levels, then "pairs" if real ones are held out.
  [[nodiscard]] const std::vector<ValidationLevel>& validation_levels() const noexcept;
  /// The same pictures, crops and noise at every call: the middle of each held-out picture.
  [[nodiscard]] Batch validation_batch(const ValidationLevel& level) const;
  /// White noise of this σ where that is the task, else all levels of the task together.
  [[nodiscard]] Batch validation_batch(double sigma_8bit) const;

  [[nodiscard]] std::size_t picture_count() const noexcept;
  [[nodiscard]] std::size_t held_out_count() const noexcept;
  [[nodiscard]] std::size_t pair_count() const noexcept;
  /// What the user should know: pictures that are too small, patches below the receptive field, …
  [[nodiscard]] const std::vector<std::string>& remarks() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Training patches: pictures held in memory (the device's own), cropped, turned, made linear and mosaicked.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <rdenoise/network.hpp>

#include "recipe.hpp"
#include "training_noise.hpp"

namespace rdenoise::training {

/// What one step trains on.
struct Batch {
  torch::Tensor clean;      ///< [n, channels, patch, patch] float
  torch::Tensor noisy;      ///< same
  torch::Tensor noise_map;  ///< as the network wants it; undefined for blind networks
  torch::Tensor sigma;      ///< true σ of each sample of clean, for weighing the loss
};

/// Which part of each batch this process makes, if several train together: the patches keep their numbers.
struct BatchShare {
  int index = 0;
  int count = 1;  ///< must divide the batch
};

/// Every number is drawn from (seed, step), so that a run is repeatable and can be resumed anywhere.
class PatchSource {
 public:
  /// Reads all pictures; keeps every hold_out_every-th (by name) apart for validation.
  /// throws  Error{not_found} if a folder is missing or holds no pictures large enough for a patch
  /// throws  Error{invalid_argument} if the batch cannot be shared evenly
  PatchSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data, torch::Device device,
              BatchShare share = {});

  [[nodiscard]] Batch training_batch(std::int64_t step) const;
  /// The same pictures, crops and noise at every call: centre crops of the held-out pictures with white noise.
  [[nodiscard]] Batch validation_batch(double sigma_8bit) const;

  [[nodiscard]] std::size_t picture_count() const noexcept { return pictures_.size(); }
  [[nodiscard]] std::size_t held_out_count() const noexcept { return held_out_.size(); }

 private:
  [[nodiscard]] Batch finish(const torch::Tensor& clean, const std::vector<NoiseModel>& models, std::uint64_t seed,
                             std::uint64_t first_patch) const;
  /// patch: uint8, as held in memory; the result is float in the network's domain.
  [[nodiscard]] torch::Tensor to_domain(const torch::Tensor& patch, const std::array<double, 3>& draw) const;

  Recipe recipe_;
  NetworkSpec spec_;
  torch::Device device_;
  BatchShare share_;
  torch::Tensor linear_;                 ///< [256] linear light of each 8-bit sRGB value
  std::vector<torch::Tensor> pictures_;  ///< [c, h, w] uint8, at every scale
  std::vector<double> cumulative_area_;  ///< patches come from pictures by their area
  std::vector<torch::Tensor> held_out_;
};

}  // namespace rdenoise::training

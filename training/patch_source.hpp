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
  torch::Tensor sigma;      ///< same shape as clean: its true σ, for weighing the loss and for learning to estimate it
  bool true_sigma = true;   ///< false: real pairs, whose σ is unknown; sigma is the root mean square of each patch
};

/// Every number is drawn from (seed, step), so that a run is repeatable and can be resumed anywhere.
class PatchSource {
 public:
  /// Reads all pictures; keeps every hold_out_every-th (by name) apart for validation.
  /// throws  Error{not_found} if a folder is missing or holds no pictures large enough for a patch
  PatchSource(const Recipe& recipe, const NetworkSpec& spec, const std::filesystem::path& data, torch::Device device);

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
  torch::Tensor linear_;                 ///< [256] linear light of each 8-bit sRGB value
  std::vector<torch::Tensor> pictures_;  ///< [c, h, w] uint8, at every scale
  std::vector<double> cumulative_area_;  ///< patches come from pictures by their area
  std::vector<torch::Tensor> held_out_;
};

}  // namespace rdenoise::training

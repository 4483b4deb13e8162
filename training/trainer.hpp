// SPDX-License-Identifier: LGPL-2.1-or-later
// The training loop: batches, loss, Adam, average, validation, checkpoints.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <functional>
#include <optional>

#include "checkpoint.hpp"
#include "losses/loss.hpp"
#include "muon.hpp"
#include "patch_source.hpp"
#include "recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {

struct TrainOptions {
  std::filesystem::path data;
  std::filesystem::path out = ".";  ///< gets NAME.ckpt and NAME-curve.csv
  torch::Device device = torch::kCPU;
  std::optional<double> time_limit_s;
  std::optional<std::filesystem::path> resume;
  std::optional<std::filesystem::path> start_from;  ///< a model whose weights are taken over where name and shape fit
  std::function<bool()> stop_requested = [] { return false; };
  std::function<void(const std::string&)> report;  ///< one line of progress
};

/// The rate at a step: linear warm-up, constant, then half a cosine down to the final rate.
[[nodiscard]] double learning_rate(const OptimiserRecipe& recipe, std::int64_t step);

class Trainer {
 public:
  Trainer(Recipe recipe, TrainOptions options);

  /// Trains until the recipe's last step, the time limit or a stop; always leaves a checkpoint.
  void run();

  [[nodiscard]] TorchNetwork& network() noexcept { return network_; }
  [[nodiscard]] std::int64_t step() const noexcept { return step_; }

 private:
  double train_step();
  void clip_gradient();
  void update_average();
  void validate(double loss, double patches_per_s);
  void save();
  void load(const std::filesystem::path& path);
  void take_over(const std::filesystem::path& model);
  /// Of the averaged weights.
  [[nodiscard]] double validation_psnr_db(double sigma_8bit);

  Recipe recipe_;
  TrainOptions options_;
  Loss loss_;
  TorchNetwork network_;
  TorchNetwork average_;
  PatchSource patches_;
  Muon muon_;                     ///< empty with algorithm adam
  torch::optim::Adam optimiser_;  ///< of all other parameters
  torch::ScalarType compute_;
  std::int64_t step_ = 0;
  double gradient_norm_ = 0.0;
  double seconds_before_ = 0.0;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace rdenoise::training

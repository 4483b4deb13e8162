// SPDX-License-Identifier: LGPL-2.1-or-later
// The training loop: batches, loss, updates, validation, checkpoints.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "learner.hpp"
#include "objective.hpp"
#include "process_group.hpp"
#include "progress.hpp"
#include "recipe.hpp"

namespace rdenoise::training {

struct TrainOptions {
  std::filesystem::path data;
  std::filesystem::path out = ".";  ///< gets NAME.ckpt, NAME-curve.csv and NAME-curve.svg
  torch::Device device = torch::kCPU;
  std::optional<std::filesystem::path> resume;
  std::optional<std::string> start_from;  ///< see read_start_weights, deepened; taken where name and shape fit
  double checkpoint_every_s = 120.0;
  ProcessGroup* processes = nullptr;                            ///< the others that train the same network
  std::function<bool()> stop_requested = [] { return false; };  ///< asked before each step
  std::function<void(const Progress&)> report = [](const auto&) {
  };  ///< after each step; has the figures at validations
  std::function<void(const std::string&)> warn = [](const auto&) {};
};

/// Of several processes each makes its share of every batch, gradients are averaged, and process 0 alone validates and
/// writes. Batch norm sees the statistics of each process's own share; process 0's running averages are kept.
class Trainer {
 public:
  /// throws  Error{invalid_argument} if the checkpoint to resume is of another recipe, naming the settings
  Trainer(Recipe recipe, TrainOptions options);

  /// Trains until the recipe's last step or a stop, here or in any other process; always leaves a checkpoint.
  /// throws  Error{io} if a file cannot be written or a peer is lost
  /// throws  Error{corrupt} if a whole validation interval had no finite gradient
  void run();

  /// How long a step takes, once the device has settled. Trains for about as long as given and leaves nothing behind;
  /// another trainer must do the run itself.
  [[nodiscard]] double measure_step_s(double about_s);

  [[nodiscard]] TorchNetwork& network() noexcept { return learner_.network(); }
  [[nodiscard]] std::int64_t step() const noexcept { return step_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// return  whether to stop
  bool train_step(bool stop);
  void validate();
  void report(const std::optional<CurvePoint>& point, bool best);
  void save();
  void load(const std::filesystem::path& path);
  [[nodiscard]] double seconds_trained() const;
  [[nodiscard]] bool is_first() const;

  Recipe recipe_;
  TrainOptions options_;
  Learner learner_;
  std::unique_ptr<Objective> objective_;
  torch::ScalarType compute_;
  std::int64_t step_ = 0;
  torch::Tensor loss_sum_;  ///< on the device: reading it would wait for each step
  std::int64_t loss_steps_ = 0;
  LearningCurve curve_;
  NamedTensors best_;
  std::int64_t best_step_ = 0;
  double best_figure_ = 0.0;
  double best_temperature_ = 1.0;
  double temperature_ = 1.0;  ///< of the last validation
  double seconds_before_ = 0.0;
  Clock::time_point started_ = Clock::now();
  Clock::time_point pace_since_;
  std::int64_t pace_since_step_ = 0;
};

}  // namespace rdenoise::training

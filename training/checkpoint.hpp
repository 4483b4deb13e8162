// SPDX-License-Identifier: LGPL-2.1-or-later
// A training run on disk: enough to go on as if it had never stopped.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

#include "learning_curve.hpp"

namespace rdenoise::training {

using NamedTensors = std::map<std::string, torch::Tensor>;

struct Checkpoint {
  std::int64_t step = 0;  ///< the next one
  double seconds_trained = 0.0;
  std::string recipe;       ///< its text, as trained: with the settings changed from the command line
  NamedTensors weights;     ///< and running averages
  NamedTensors average;     ///< exponential average of the weights
  NamedTensors adam_first;  ///< moments
  NamedTensors adam_second;
  NamedTensors momentum;       ///< of Muon; empty without it
  double gradient_length = 0;  ///< running mean; 0 before the first step

  LearningCurve curve;
  double loss_sum = 0.0;  ///< since the curve's last point
  std::int64_t loss_steps = 0;

  NamedTensors best;  ///< the average at the best validation; empty before the first
  std::int64_t best_step = 0;
  double best_figure = 0.0;       ///< mean over the validation's levels
  double best_temperature = 1.0;  ///< of a classifier with these weights; 1 for others
  double temperature = 1.0;       ///< of a classifier as the last validation found it

  NamedTensors generators;  ///< states of libtorch's random generators: "cpu", and "cuda" on a GPU
};

/// Atomic: a stop while writing leaves the last checkpoint as it was.  throws  Error{io}
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// throws  Error{not_found|corrupt}, and Error{unsupported} for one of another version
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace rdenoise::training

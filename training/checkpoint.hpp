// SPDX-License-Identifier: LGPL-2.1-or-later
// A training run on disk: enough to go on as if it had never stopped.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

namespace rdenoise::training {

struct Checkpoint {
  std::int64_t step = 0;  ///< the next one
  double seconds_trained = 0.0;
  double gradient_norm = 0.0;  ///< running mean length; 0 before the first step
  std::string recipe;          ///< the recipe file's text
  std::map<std::string, torch::Tensor> weights;
  std::map<std::string, torch::Tensor> average;   ///< exponential average of the weights
  std::map<std::string, torch::Tensor> momentum;  ///< of Muon; empty without it
  std::string optimiser;                          ///< libtorch's own archive
};

/// Atomic: a stop while writing leaves the last checkpoint as it was.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// throws  Error{not_found|corrupt}
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace rdenoise::training

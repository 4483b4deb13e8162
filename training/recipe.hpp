// SPDX-License-Identifier: LGPL-2.1-or-later
// A training recipe: everything that decides what comes out, read from a TOML file.
#pragma once

#include <filesystem>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

#include "data_recipe.hpp"
#include "initialisation.hpp"
#include "losses/loss_recipe.hpp"

namespace rdenoise::training {

struct OptimiserRecipe {
  Initialisation initialisation = Initialisation::he;
  std::string algorithm = "adam";    ///< adam, or muon: Muon for the weights between first and last convolution
  double muon_learning_rate = 0.02;  ///< follows the same schedule as learning_rate
  double learning_rate = 1e-3;
  double final_learning_rate = 1e-6;
  int steps = 10000;
  int warmup_steps = 100;
  double decay_from = 0.3;       ///< share of the steps after which the rate falls (half a cosine) to the final one
  double clip_factor = 1.5;      ///< a gradient longer than this many times the running mean length is shortened to it
  double average_decay = 0.999;  ///< exponential average of the weights, which is what is exported
  std::string compute = "bf16";  ///< bf16 or f32 (on CUDA f32 is tf32)
};

struct Recipe {
  std::string name;  ///< of the model
  NetworkParams network;
  DataRecipe data;
  TaskRecipe task;
  NoiseRecipe noise;
  CameraRecipe camera;
  LossRecipe loss;
  OptimiserRecipe optimiser;
  int validate_every = 500;  ///< steps
  std::uint64_t seed = 1;
  std::string text;  ///< the file as it is, kept in checkpoints
};

/// throws  Error{not_found|corrupt}: unknown keys are errors too, so that a typing slip does not train the wrong thing
[[nodiscard]] Recipe read_recipe(const std::filesystem::path& path);
[[nodiscard]] Recipe parse_recipe(const std::string& text, const std::string& where);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// What a network is trained towards: how a batch becomes a loss, and held-out pictures become figures. All else of
// training is the same for networks that denoise and for those that tell classes apart.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/batch_share.hpp"
#include "learning_curve.hpp"
#include "recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {

/// Where an objective finds its data, and on which device its batches are.
struct ObjectiveData {
  std::filesystem::path folder;
  torch::Device device = torch::kCPU;
  BatchShare share;
};

struct NetworkInput {
  torch::Tensor image;
  torch::Tensor noise_map;  ///< undefined for blind networks
};

/// What a validation finds.
struct Validation {
  std::vector<LevelFigure> levels;
  double temperature = 1.0;  ///< fitted, of a classifier
};

class Objective {
 public:
  virtual ~Objective() = default;

  /// Of this process's share of the step's batch, on a graph that backward runs through. Steps come in order.
  [[nodiscard]] virtual torch::Tensor loss(TorchNetwork& network, std::int64_t step) = 0;

  /// What the network sees at a step, whichever it is.
  [[nodiscard]] virtual NetworkInput input_of(std::int64_t step) const = 0;

  /// Of all held-out pictures: the same at every call for the same weights.
  [[nodiscard]] virtual Validation validate(TorchNetwork& network) const = 0;
  [[nodiscard]] virtual ValidationFigure figure() const noexcept = 0;

  /// What the user should know of the data.
  [[nodiscard]] virtual std::vector<std::string> remarks() const { return {}; }
};

/// The recipe's: of the class of pictures for the task classify, else of clean pictures.
/// throws  as PatchSource and ClassSource
[[nodiscard]] std::unique_ptr<Objective> make_objective(const Recipe& recipe, const NetworkSpec& spec,
                                                        const ObjectiveData& data);

[[nodiscard]] std::unique_ptr<Objective> make_denoising_objective(const Recipe& recipe, const NetworkSpec& spec,
                                                                  const ObjectiveData& data);
[[nodiscard]] std::unique_ptr<Objective> make_class_objective(const Recipe& recipe, const ObjectiveData& data);

/// Type of the convolutions.
[[nodiscard]] inline torch::ScalarType compute_type(const OptimiserRecipe& recipe) {
  return recipe.compute == "bf16" ? torch::kBFloat16 : torch::kFloat;
}

}  // namespace rdenoise::training

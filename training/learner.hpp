// SPDX-License-Identifier: LGPL-2.1-or-later
// What learns: the network, its average, and the optimisers, all on flat buffers.
#pragma once

#include <torch/torch.h>

#include "checkpoint.hpp"
#include "flat_adam.hpp"
#include "flat_parameters.hpp"
#include "gradient_clip.hpp"
#include "muon.hpp"
#include "process_group.hpp"
#include "recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {

/// The rate at a step: linear warm-up, constant, then half a cosine down to the final rate.
[[nodiscard]] double learning_rate(const OptimiserRecipe& recipe, std::int64_t step);

class Learner {
 public:
  Learner(const Recipe& recipe, torch::Device device);

  [[nodiscard]] TorchNetwork& network() noexcept { return network_; }
  /// The exponential average of the weights: what is validated and exported.
  [[nodiscard]] TorchNetwork& average() noexcept { return average_; }

  /// After backward: gathers the gradients, and shares them if there are others.
  /// loss  becomes its mean over all processes
  /// stop  true here or in any other process
  /// return  whether to stop
  bool exchange_gradients(torch::Tensor& loss, bool stop, ProcessGroup* processes);

  /// One update of weights and average. step  how many went before
  void update(std::int64_t step);

  /// How many gradients since the last call were not finite and left out. Waits for the device.
  [[nodiscard]] std::int64_t take_rejected_gradients() { return clip_.take_rejected(); }
  [[nodiscard]] bool is_finite() const;

  void save_to(Checkpoint& checkpoint) const;
  /// throws  Error{corrupt} if the checkpoint is of another network
  void load_from(const Checkpoint& checkpoint);
  /// Takes over what fits by name and shape.  return  how many tensors
  int take_over(const NamedTensors& weights);
  /// All state from process 0, so that none starts elsewhere.
  void copy_from_first(ProcessGroup& processes);

 private:
  [[nodiscard]] torch::Tensor gradient() const;
  void update_average(std::int64_t step);

  OptimiserRecipe recipe_;
  TorchNetwork network_;
  TorchNetwork average_;
  std::int64_t adam_count_;  ///< parameters up to here are Adam's, the others Muon's
  std::vector<MatrixStack> stacks_;
  FlatParameters parameters_;
  FlatParameters averaged_;
  torch::Tensor exchange_;  ///< gradient, loss, wish to stop
  GradientClip clip_;
  FlatAdam adam_;
  Muon muon_;
};

}  // namespace rdenoise::training

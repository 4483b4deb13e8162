// SPDX-License-Identifier: LGPL-2.1-or-later
// Clean pictures from degraded ones: the recipe's loss, and PSNR.
#include "losses/loss.hpp"
#include "objective.hpp"
#include "patch_source.hpp"

namespace rdenoise::training {
namespace {

class DenoisingObjective final : public Objective {
 public:
  DenoisingObjective(const Recipe& recipe, const NetworkSpec& spec, const ObjectiveData& data)
      : loss_(recipe.loss, recipe.optimiser.steps),
        compute_(compute_type(recipe.optimiser)),
        patches_(recipe, spec, data.folder, data.device, data.share) {}

  torch::Tensor loss(TorchNetwork& network, std::int64_t step) override {
    const Batch batch = patches_.training_batch(step);
    const NetworkOutput output = network.run(batch.noisy, batch.noise_map, compute_, /*training=*/true);
    return loss_(output, {batch.clean, batch.sigma, batch.true_sigma}, step);
  }

  NetworkInput input_of(std::int64_t step) const override {
    // Beside the prefetched ones, which come in the order of the steps.
    const Batch batch = patches_.make_batch(step);
    return {batch.noisy, batch.noise_map};
  }

  Validation validate(TorchNetwork& network) const override {
    Validation validation;
    for (const ValidationLevel& level : patches_.validation_levels())
      validation.levels.push_back({level.label, psnr_db(network, level)});
    return validation;
  }

  ValidationFigure figure() const noexcept override { return ValidationFigure::psnr_db; }

  std::vector<std::string> remarks() const override { return patches_.remarks(); }

 private:
  double psnr_db(TorchNetwork& network, const ValidationLevel& level) const {
    torch::NoGradGuard guard;
    const Batch batch = patches_.validation_batch(level);
    const torch::Tensor estimate =
        network.forward(batch.noisy, batch.noise_map, compute_, /*training=*/false).clamp(0.0, 1.0);
    const torch::Tensor squared = (estimate - batch.clean).pow(2).mean({1, 2, 3});
    return (-10.0 * squared.log10()).mean().item<double>();
  }

  Loss loss_;
  torch::ScalarType compute_;
  PatchSource patches_;
};

}  // namespace

std::unique_ptr<Objective> make_denoising_objective(const Recipe& recipe, const NetworkSpec& spec,
                                                    const ObjectiveData& data) {
  return std::make_unique<DenoisingObjective>(recipe, spec, data);
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// The class of noisy pictures: cross entropy, and how many are told right.
#include <cmath>

#include "data/class_source.hpp"
#include "losses/cross_entropy.hpp"
#include "objective.hpp"
#include "temperature.hpp"

namespace rdenoise::training {
namespace {

constexpr double levels_8bit[] = {0.0, 15.0, 25.0, 50.0};

/// Not a number if some score is none, which has a largest all the same.
double right_percent(const torch::Tensor& scores, const torch::Tensor& labels) {
  if (!scores.isfinite().all().item<bool>()) return std::nan("");
  return 100.0 * correct_count(scores, labels).item<double>() / static_cast<double>(labels.size(0));
}

class ClassObjective final : public Objective {
 public:
  ClassObjective(const Recipe& recipe, const ObjectiveData& data)
      : compute_(compute_type(recipe.optimiser)), pictures_(recipe, data.folder, data.device, data.share) {}

  torch::Tensor loss(TorchNetwork& network, std::int64_t step) override {
    const ClassBatch batch = pictures_.training_batch(step);
    return cross_entropy(network.forward(batch.pictures, {}, compute_, /*training=*/true), batch.labels);
  }

  NetworkInput input_of(std::int64_t step) const override { return {pictures_.make_batch(step).pictures, {}}; }

  Validation validate(TorchNetwork& network) const override {
    torch::NoGradGuard guard;
    Validation validation;
    std::vector<torch::Tensor> scores;
    std::vector<torch::Tensor> labels;
    for (const double sigma_8bit : levels_8bit) {
      const ClassBatch batch = pictures_.validation_batch(sigma_8bit);
      // As exported classifiers compute.
      scores.push_back(network.forward(batch.pictures, {}, torch::kFloat, /*training=*/false).mean({2, 3}));
      labels.push_back(batch.labels);
      validation.levels.push_back(
          {"σ" + std::to_string(static_cast<int>(sigma_8bit)), right_percent(scores.back(), batch.labels)});
    }
    validation.temperature = fit_temperature(torch::cat(scores), torch::cat(labels));
    return validation;
  }

  ValidationFigure figure() const noexcept override { return ValidationFigure::right_percent; }

 private:
  torch::ScalarType compute_;
  ClassSource pictures_;
};

}  // namespace

std::unique_ptr<Objective> make_class_objective(const Recipe& recipe, const ObjectiveData& data) {
  return std::make_unique<ClassObjective>(recipe, data);
}

}  // namespace rdenoise::training

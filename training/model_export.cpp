// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_export.hpp"

#include <fstream>
#include <rdenoise/error.hpp>
#include <sstream>

#include "folded_network.hpp"
#include "model_card.hpp"
#include "recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {
namespace {

std::string noise_range(const NoiseRecipe& noise) {
  std::ostringstream text;
  text << noise.min_8bit << ',' << noise.max_8bit;
  return text.str();
}

bool takes_best(const Checkpoint& checkpoint, WhichWeights which) {
  return which == WhichWeights::best && !checkpoint.best.empty();
}

FoldedNetwork chosen_network(const Checkpoint& checkpoint, const Recipe& recipe, WhichWeights which) {
  const NamedTensors& chosen = takes_best(checkpoint, which) ? checkpoint.best : checkpoint.average;
  TorchNetwork network(build_network(recipe.network), 0);
  Weights weights = network.to_weights();
  for (auto& [name, tensor] : weights.tensors) {
    const auto found = chosen.find(name);
    if (found == chosen.end() || found->second.numel() != static_cast<std::int64_t>(tensor.values.size()))
      throw Error(ErrorCode::corrupt, "exporting: expected averaged weights " + name + ", found none that fit");
    const torch::Tensor flat = found->second.to(torch::kFloat).contiguous();
    std::copy_n(flat.data_ptr<float>(), tensor.values.size(), tensor.values.begin());
  }
  FoldedNetwork folded = folded_for_export(network.spec(), weights);
  folded.weights.metadata = to_metadata(folded.spec.params);
  folded.weights.metadata["noise_range_8bit"] = noise_range(recipe.noise);
  return folded;
}

Recipe recipe_of(const Checkpoint& checkpoint) { return parse_recipe(checkpoint.recipe, "the checkpoint's recipe"); }

void write_new_card(const std::filesystem::path& path, const std::string& text) {
  if (std::filesystem::exists(path)) return;
  std::ofstream stream(path);
  stream << text;
  if (!stream.flush())
    throw Error(ErrorCode::io, "writing " + path.string() + ": expected room, found that writing failed");
}

}  // namespace

void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder, WhichWeights which,
                  StoredNumber stored) {
  const Recipe recipe = recipe_of(checkpoint);
  FoldedNetwork folded = chosen_network(checkpoint, recipe, which);
  const bool best = takes_best(checkpoint, which);
  if (folded.spec.is_classifier()) {
    write_classifier(folder, {.path = {},
                              .spec = std::move(folded.spec),
                              .weights = std::move(folded.weights),
                              .temperature = best ? checkpoint.best_temperature : checkpoint.temperature,
                              .least_confidence = recipe.task.least_confidence,
                              .short_side_px = recipe.task.side_px});
    return;
  }
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", folded.weights, stored);
  write_new_card(folder / "CARD.md",
                 model_card(recipe, folded.spec,
                            {.steps = checkpoint.step,
                             .seconds = checkpoint.seconds_trained,
                             .weights_step = best ? checkpoint.best_step : checkpoint.step,
                             .validation_psnr_db = best ? std::optional(checkpoint.best_figure) : std::nullopt}));
}

void export_class(const Checkpoint& checkpoint, const std::filesystem::path& folder, const std::string& class_name,
                  WhichWeights which, StoredNumber stored) {
  FoldedNetwork folded = chosen_network(checkpoint, recipe_of(checkpoint), which);
  if (folded.spec.is_classifier())
    throw Error(ErrorCode::invalid_argument, "exporting class " + class_name +
                                                 ": expected a checkpoint of a network that denoises, found one of a "
                                                 "classifier, which all classes have in common");
  write_class_weights(folder, class_name, std::move(folded.weights), stored);
}

}  // namespace rdenoise::training

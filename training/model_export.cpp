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

}  // namespace

void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder, WhichWeights which) {
  const Recipe recipe = parse_recipe(checkpoint.recipe, "the checkpoint's recipe");
  const bool best = which == WhichWeights::best && !checkpoint.best.empty();
  const NamedTensors& chosen = best ? checkpoint.best : checkpoint.average;
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
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", folded.weights);
  if (const auto path = folder / "CARD.md"; !std::filesystem::exists(path)) {
    std::ofstream stream(path);
    stream << model_card(recipe, folded.spec,
                         {.steps = checkpoint.step,
                          .seconds = checkpoint.seconds_trained,
                          .weights_step = best ? checkpoint.best_step : checkpoint.step,
                          .validation_psnr_db = best ? std::optional(checkpoint.best_psnr_db) : std::nullopt});
    if (!stream.flush())
      throw Error(ErrorCode::io, "writing " + path.string() + ": expected room, found that writing failed");
  }
}

}  // namespace rdenoise::training

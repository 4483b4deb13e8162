// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_export.hpp"

#include <cmath>
#include <fstream>
#include <rdenoise/error.hpp>
#include <sstream>

#include "folded_network.hpp"
#include "recipe.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {
namespace {

std::string noise_range(const NoiseRecipe& noise) {
  std::ostringstream text;
  text << noise.min_8bit << ',' << noise.max_8bit;
  return text.str();
}

std::string card(const Recipe& recipe, const Checkpoint& checkpoint, const NetworkSpec& spec) {
  std::ostringstream text;
  text << "# " << recipe.name << "\n\n"
       << find_architecture(recipe.network.network).description << ".\n\n"
       << "| | |\n|---|---|\n"
       << "| input | " << to_string(recipe.network.input) << " |\n"
       << "| size | " << recipe.network.depth << " layers of " << recipe.network.width << " channels, "
       << parameter_count(spec) << " parameters, " << std::lround(macs_per_px(spec)) << " MAC a pixel |\n"
       << "| sees | " << receptive_radius_px(spec) << " px to each side |\n"
       << "| noise | σ " << recipe.noise.min_8bit << " … " << recipe.noise.max_8bit << " (8-bit steps), "
       << std::lround(100 * recipe.noise.signal_dependent)
       << " % of the patches with noise that grows with the signal |\n"
       << "| data |";
  for (const std::string& folder : recipe.data.folders) text << ' ' << folder;
  text << " |\n| trained | " << checkpoint.step << " steps of " << recipe.data.batch << " patches of "
       << recipe.data.patch_px << "² px, " << std::lround(checkpoint.seconds_trained / 60.0) << " minutes |\n"
       << "| licence | LGPL-2.1-or-later |\n\n## Recipe\n\n```toml\n"
       << checkpoint.recipe << "```\n";
  return text.str();
}

}  // namespace

void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder) {
  const Recipe recipe = parse_recipe(checkpoint.recipe, "the checkpoint's recipe");
  TorchNetwork network(build_network(recipe.network), 0);
  Weights weights = network.to_weights();
  for (auto& [name, tensor] : weights.tensors) {
    const auto found = checkpoint.average.find(name);
    if (found == checkpoint.average.end() || found->second.numel() != static_cast<std::int64_t>(tensor.values.size()))
      throw Error(ErrorCode::corrupt, "exporting: expected averaged weights " + name + ", found none that fit");
    const torch::Tensor flat = found->second.to(torch::kFloat).contiguous();
    std::copy_n(flat.data_ptr<float>(), tensor.values.size(), tensor.values.begin());
  }
  FoldedNetwork folded = folded_for_export(network.spec(), weights);
  folded.weights.metadata = to_metadata(folded.spec.params);
  folded.weights.metadata["noise_range_8bit"] = noise_range(recipe.noise);
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", folded.weights);
  if (const auto path = folder / "CARD.md"; !std::filesystem::exists(path))
    std::ofstream(path) << card(recipe, checkpoint, folded.spec);
}

}  // namespace rdenoise::training

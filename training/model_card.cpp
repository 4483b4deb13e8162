// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_card.hpp"

#include <cmath>
#include <sstream>

#include "build_commit.hpp"
#include "duration.hpp"

namespace rdenoise::training {
namespace {

constexpr const char* quality_heading = "## Quality\n";
constexpr const char* quality_begin = "<!-- measured by rdn-train card: begin -->\n";
constexpr const char* quality_end = "<!-- measured by rdn-train card: end -->\n";

}  // namespace

std::string model_card(const Recipe& recipe, const NetworkSpec& spec, const TrainedRun& run) {
  std::ostringstream text;
  const int cell_px = cell_edge_px(recipe.network.input);
  text << "# " << recipe.name << "\n\n"
       << find_architecture(recipe.network.network).description << ".\n\n"
       << "| | |\n|---|---|\n"
       << "| input | " << to_string(recipe.network.input) << " |\n"
       << "| size | " << recipe.network.depth << " layers of " << recipe.network.width << " channels, "
       << parameter_count(spec) << " parameters, " << std::lround(macs_per_px(spec)) << " MAC a pixel |\n"
       << "| sees | " << receptive_radius_px(spec) * cell_px << " px to each side |\n"
       << "| noise | σ " << recipe.noise.min_8bit << " … " << recipe.noise.max_8bit << " (8-bit steps), "
       << std::lround(100 * recipe.noise.signal_dependent)
       << " % of the patches with noise that grows with the signal |\n"
       << "| data |";
  for (const std::string& folder : recipe.data.folders) text << ' ' << folder;
  text << " |\n| trained | " << run.steps << " steps of " << recipe.data.batch << " patches of "
       << recipe.data.patch_px * cell_px << "² px in " << duration_text(run.seconds) << " h |\n"
       << "| weights | averaged, of step " << run.weights_step;
  if (run.validation_psnr_db) {
    text.precision(2);
    text << std::fixed << "; held-out pictures " << *run.validation_psnr_db << " dB, mean of the validation's levels";
  }
  text << " |\n| trained by | rdn-train " << build_commit() << " |\n"
       << "| licence | LGPL-2.1-or-later |\n\n"
       << quality_heading << '\n'
       << quality_begin << "Not measured yet.\n"
       << quality_end << "\n## Recipe\n\n```toml\n"
       << recipe.text << (recipe.text.ends_with('\n') ? "" : "\n") << "```\n";
  return text.str();
}

std::string with_quality(const std::string& card, const std::string& table) {
  const std::string block = quality_begin + table + quality_end;
  const std::size_t begin = card.find(quality_begin);
  const std::size_t end = card.find(quality_end);
  if (begin != std::string::npos && end != std::string::npos && begin < end)
    return card.substr(0, begin) + block + card.substr(end + std::string(quality_end).size());
  const std::size_t heading = card.find(quality_heading);
  if (heading == std::string::npos) return card + "\n" + quality_heading + "\n" + block;
  const std::size_t below = heading + std::string(quality_heading).size();
  return card.substr(0, below) + "\n" + block + card.substr(below);
}

}  // namespace rdenoise::training

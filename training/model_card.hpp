// SPDX-License-Identifier: LGPL-2.1-or-later
// CARD.md of a model: what it was trained on, how, and how well it does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "recipe.hpp"

namespace rdenoise::training {

/// What a run says of itself.
struct TrainedRun {
  std::int64_t steps = 0;
  double seconds = 0.0;
  std::int64_t weights_step = 0;             ///< of the exported weights
  std::optional<double> validation_psnr_db;  ///< of these weights, the mean over the validation's levels
};

/// A first card. Its recipe is the text that was trained by.
[[nodiscard]] std::string model_card(const Recipe& recipe, const NetworkSpec& spec, const TrainedRun& run);

/// The card with what stands between its quality markers replaced. A card without markers gets them below its heading
/// "## Quality", where what people wrote stays, or with that heading at its end.
[[nodiscard]] std::string with_quality(const std::string& card, const std::string& table);

}  // namespace rdenoise::training

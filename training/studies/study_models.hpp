// SPDX-License-Identifier: LGPL-2.1-or-later
// The models that a study measures.
#pragma once

#include <rdenoise/model.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

enum class NoiseKnowledge {
  told,  ///< the network has a noise map
  blind  ///< it has none: it knows no noise, or estimates it
};

/// Models in the order of their names, folders or files.
///
/// doing   stands in messages: "studying real noise"
/// throws  Error{invalid_argument} for two of one name or one of the other kind, and as load_model
[[nodiscard]] std::vector<Model> load_study_models(const std::vector<std::string>& names, NoiseKnowledge knowledge,
                                                   const std::string& doing);

}  // namespace rdenoise::training

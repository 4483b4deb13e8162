// SPDX-License-Identifier: LGPL-2.1-or-later
#include "objective.hpp"

namespace rdenoise::training {

std::unique_ptr<Objective> make_objective(const Recipe& recipe, const NetworkSpec& spec, const ObjectiveData& data) {
  return recipe.task.kind == "classify" ? make_class_objective(recipe, data)
                                        : make_denoising_objective(recipe, spec, data);
}

}  // namespace rdenoise::training

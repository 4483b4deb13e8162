// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/study_models.hpp"

#include <rdenoise/error.hpp>
#include <set>

namespace rdenoise::training {

std::vector<Model> load_study_models(const std::vector<std::string>& names, NoiseKnowledge knowledge,
                                     const std::string& doing) {
  const bool told = knowledge == NoiseKnowledge::told;
  std::vector<Model> models;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    models.push_back(load_model(name));
    const Model& model = models.back();
    if (!seen.insert(model.name).second)
      throw Error(ErrorCode::invalid_argument,
                  doing + ": expected models of different names, found " + model.name + " twice");
    if (model.spec.has_noise_map() != told)
      throw Error(ErrorCode::invalid_argument,
                  doing + (told ? ": expected models that are told the noise, found " + model.name + ", which is blind"
                                : ": expected blind models, found " + model.name + ", which is told the noise"));
  }
  return models;
}

}  // namespace rdenoise::training

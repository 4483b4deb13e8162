// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/class_executors.hpp"

#include <rdenoise/error.hpp>

namespace rdenoise {

std::shared_ptr<const Executor> ClassExecutors::get(std::string_view name) {
  if (const auto made = made_.find(name); made != made_.end()) return made->second;
  const Weights& weights = name == word_none ? model_.weights : model_.by_class.find(name)->second;
  std::shared_ptr<const Executor> executor = make_onednn_executor(model_.spec, weights, precision_);
  made_.emplace(name, executor);
  return executor;
}

void check_picture_class(const Model& model, std::string_view word) {
  if (word == word_auto || word == word_none || model.by_class.contains(word)) return;
  std::string known;
  for (const auto& [name, weights] : model.by_class) known += ", " + name;
  throw Error(ErrorCode::invalid_argument,
              "choosing the picture class for " + model.name + (known.empty() ? " (no class-aware model)" : "") +
                  ": expected one of auto, none" + known + "; found \"" + std::string(word) + "\"");
}

}  // namespace rdenoise

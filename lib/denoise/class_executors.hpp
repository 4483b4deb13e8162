// SPDX-License-Identifier: LGPL-2.1-or-later
// The sets of weights of a model, made ready to run.
#pragma once

#include <map>
#include <memory>
#include <rdenoise/model.hpp>
#include <string>
#include <string_view>

#include "network/class_names.hpp"

namespace rdenoise {

/// One executor for each set of weights that was asked for. A set in the executor's order takes several times the
/// memory of the file (Winograd), and most users meet one or two classes, so none is made before its first use.
class ClassExecutors {
 public:
  /// model  must outlive it
  ClassExecutors(const Model& model, Precision precision) : model_(model), precision_(precision) {}

  /// name  of a class of the model; "none" for the class-agnostic weights
  [[nodiscard]] std::shared_ptr<const Executor> get(std::string_view name);

 private:
  const Model& model_;
  Precision precision_;
  std::map<std::string, std::shared_ptr<const Executor>, std::less<>> made_;
};

/// throws  Error{invalid_argument} if the word is neither auto nor none nor a class of the model
void check_picture_class(const Model& model, std::string_view word);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The options that the studies of rdn-train share.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "command.hpp"
#include "studies/study_run.hpp"

namespace rdenoise::training {

struct StudyArguments {
  std::string device = "auto";
  std::string time_limit;
  std::string steps;
  std::string depth;
  std::string width;
  StudyOptions options;
};

/// --data, --out, --test and --pictures.
void add_study_picture_options(CLI::App& command, StudyArguments& arguments);
/// And those of studies that train.
void add_study_training_options(CLI::App& command, StudyArguments& arguments);

/// Runs a study with progress on stderr.  return  exit code: 1 if it was stopped before its end
[[nodiscard]] int run_study(const StudyArguments& arguments, const std::function<void(StudyRun&)>& study);

}  // namespace rdenoise::training

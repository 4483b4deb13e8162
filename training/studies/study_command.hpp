// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train study …
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "studies/receptive_field_study.hpp"

namespace rdenoise::training {

/// Adds the subcommand to the program; lives at least as long as it is parsed.
class StudyCommand {
 public:
  explicit StudyCommand(CLI::App& app);
  StudyCommand(const StudyCommand&) = delete;
  StudyCommand& operator=(const StudyCommand&) = delete;

  /// Runs the study that was asked for; false if none was.
  [[nodiscard]] bool run() const;

 private:
  ReceptiveFieldStudy receptive_field_;
  std::string folder_;
  CLI::App* receptive_field_command_;
};

}  // namespace rdenoise::training

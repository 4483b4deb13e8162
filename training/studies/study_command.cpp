// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/study_command.hpp"

#include <iostream>

namespace rdenoise::training {

StudyCommand::StudyCommand(CLI::App& app) {
  CLI::App* const study = app.add_subcommand("study", "measures and plots what the papers discuss");
  study->require_subcommand(1);
  receptive_field_command_ = study->add_subcommand(
      "receptive-field", "effective receptive fields against depth, untrained and trained, as CSV and SVG");
  receptive_field_command_->add_option("--out", folder_, "folder for the results")->required();
  receptive_field_command_->add_option("--depths", receptive_field_.depths, "depths of the untrained stacks")
      ->check(CLI::Range(1, 100))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  receptive_field_command_->add_option("--width", receptive_field_.width, "their channels; even")
      ->check(CLI::Range(2, 512))
      ->capture_default_str();
  receptive_field_command_->add_option("--draws", receptive_field_.draws, "sets of untrained weights")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  receptive_field_command_->add_option("models", receptive_field_.models, "trained models: names, folders or files");
}

bool StudyCommand::run() const {
  if (!*receptive_field_command_) return false;
  run_receptive_field_study(receptive_field_, folder_, [](const std::string& line) { std::cout << line << '\n'; });
  return true;
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train study …: measures and plots what the papers discuss.
#include <iostream>
#include <memory>

#include "command.hpp"
#include "studies/receptive_field_study.hpp"

namespace rdenoise::training {
namespace {

struct ReceptiveFieldArguments {
  ReceptiveFieldStudy study;
  std::string folder;
};

void add_receptive_field_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<ReceptiveFieldArguments>();
  CLI::App& command = *parent.add_subcommand(
      "receptive-field", "Effective receptive fields against depth, untrained and trained, as CSV and SVG");
  command.add_option("--out", arguments->folder, "Folder for the results")->required();
  command.add_option("--depths", arguments->study.depths, "Depths of the untrained stacks")
      ->check(CLI::Range(1, 100))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command.add_option("--width", arguments->study.width, "Their channels; even")
      ->check(CLI::Range(2, 512))
      ->capture_default_str();
  command.add_option("--draws", arguments->study.draws, "Sets of untrained weights")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("models", arguments->study.models, "Trained models: names, folders or files");
  command.callback([arguments, &chosen] {
    chosen = [arguments] {
      run_receptive_field_study(arguments->study, arguments->folder,
                                [](const std::string& line) { std::cout << line << '\n'; });
      return 0;
    };
  });
}

}  // namespace

void add_study_command(CLI::App& parent, Action& chosen) {
  CLI::App& study = *parent.add_subcommand("study", "Measure and plot what the papers discuss");
  study.require_subcommand(1);
  add_receptive_field_study(study, chosen);
}

}  // namespace rdenoise::training

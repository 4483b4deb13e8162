// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train study …: measures and plots what the papers discuss.
#include <iostream>
#include <memory>

#include "command.hpp"
#include "studies/bias_free_study.hpp"
#include "studies/receptive_field_study.hpp"
#include "study_arguments.hpp"

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

void add_sigmas(CLI::App& command, const char* name, std::vector<double>& sigmas_8bit, const char* description) {
  command.add_option(name, sigmas_8bit, description)
      ->check(CLI::Range(0.1, 255.0))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
}

void add_bias_free_study(CLI::App& parent, Action& chosen) {
  struct Arguments {
    StudyArguments shared;
    BiasFreeStudy study;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand(
      "bias-free", "Networks with and without biases, trained on little noise, tested on more; usual set: Set12");
  add_study_training_options(command, arguments->shared);
  add_sigmas(command, "--sigmas", arguments->study.sigmas_8bit, "Noise of the test, in 8-bit steps");
  command.add_option("--noise-max", arguments->study.trained_up_to_8bit, "The most noise that both are trained on")
      ->check(CLI::Range(0.1, 255.0))
      ->capture_default_str();
  command
      .add_option("--wide-noise-max", arguments->study.wide_up_to_8bit,
                  "Also a network with biases, trained up to this; 0: none")
      ->check(CLI::Range(0.0, 255.0))
      ->capture_default_str();
  command.callback([arguments, &chosen] {
    chosen = [arguments] {
      return run_study(arguments->shared, [&](StudyRun& run) { run_bias_free_study(arguments->study, run); });
    };
  });
}

}  // namespace

void add_study_command(CLI::App& parent, Action& chosen) {
  CLI::App& study = *parent.add_subcommand("study", "Measure and plot what the papers discuss");
  study.require_subcommand(1);
  add_receptive_field_study(study, chosen);
  add_bias_free_study(study, chosen);
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "study_arguments.hpp"

#include <unistd.h>

#include <iostream>

#include "device.hpp"
#include "duration.hpp"
#include "stop_signals.hpp"

namespace rdenoise::training {

void add_study_picture_options(CLI::App& command, StudyArguments& arguments) {
  command.add_option("--data", arguments.options.data, "Folder that holds data folders and test sets")
      ->check(CLI::ExistingDirectory);
  command.add_option("--out", arguments.options.out, "Folder for networks and results")->required();
  command
      .add_option("--test", arguments.options.test, "Folder of test pictures; without it the usual set below --data")
      ->check(CLI::ExistingDirectory);
  command
      .add_option("--pictures", arguments.options.most_pictures,
                  "How many of the test pictures are measured, the first by name; 0: all")
      ->capture_default_str();
}

void add_study_training_options(CLI::App& command, StudyArguments& arguments) {
  add_study_picture_options(command, arguments);
  command.get_option("--data")->required();
  command.add_option("--steps", arguments.steps, "Of each network: the same as --set optimiser.steps=N")
      ->check(CLI::PositiveNumber);
  command.add_option("--depth", arguments.depth, "The same as --set network.depth=N")->check(CLI::PositiveNumber);
  command.add_option("--width", arguments.width, "The same as --set network.width=N")->check(CLI::PositiveNumber);
  command
      .add_option("--set", arguments.options.settings,
                  "Changes a setting of every recipe: section.key=value; may be given more than once")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      .add_option("--time-limit", arguments.time_limit,
                  "Of training, for each network and over all its runs: 90s, 9m, 2h")
      ->check(a_duration());
  command.add_option("--device", arguments.device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
}

int run_study(const StudyArguments& arguments, const std::function<void(StudyRun&)>& study) {
  StudyOptions options = arguments.options;
  for (const auto& [key, value] : {std::pair("optimiser.steps=", &arguments.steps),
                                   {"network.depth=", &arguments.depth},
                                   {"network.width=", &arguments.width}})
    if (!value->empty()) options.settings.push_back(key + *value);
  if (!arguments.time_limit.empty()) options.time_limit_s = parse_duration_s(arguments.time_limit);
  options.device = choose_device(arguments.device);
  note_stop_signals();
  options.stop_requested = stop_signalled;
  ProgressPrinter printer(std::cerr, isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::lines);
  options.say = [&](const std::string& line) { printer.say(line); };
  options.progress = [&](const Progress& progress) { printer.report(progress); };
  try {
    StudyRun run(std::move(options));
    study(run);
  } catch (const StudyStopped& stopped) {
    printer.say(stopped.what());
    return 1;
  }
  return 0;
}

}  // namespace rdenoise::training

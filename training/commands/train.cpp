// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train without a subcommand: a training run.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <rdenoise/error.hpp>
#include <sstream>

#include "command.hpp"
#include "device.hpp"
#include "duration.hpp"
#include "progress.hpp"
#include "recipe_text.hpp"
#include "stop_signals.hpp"
#include "trainer.hpp"

namespace rdenoise::training {
namespace {

struct Arguments {
  std::string recipe;
  std::string device = "auto";
  std::string time_limit;
  std::string fit_time;
  std::string checkpoint_every = "2m";
  std::string peer_timeout = "5m";
  std::string resume;
  std::string start_from;
  std::vector<std::string> settings;
  std::string seed;
  bool json = false;
  TrainOptions options;
};

/// The recipe of the file, or of the checkpoint if only that is given, with the settings of the command line.
Recipe recipe_of(const Arguments& arguments) {
  const bool from_file = !arguments.recipe.empty();
  std::string where = from_file ? arguments.recipe : "the recipe in " + arguments.resume;
  std::string text = from_file ? read_recipe(arguments.recipe).text : read_checkpoint(arguments.resume).recipe;
  for (const std::string& setting : arguments.settings) text = with_setting(text, setting);
  if (!arguments.seed.empty()) text = with_setting(text, "seed=" + arguments.seed);
  if (!arguments.settings.empty()) where += " with --set";
  return parse_recipe(text, where);
}

ProgressStyle style_of(const Arguments& arguments) {
  if (arguments.json) return ProgressStyle::json;
  return isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::lines;
}

/// The recipe with as many steps as fit before the process is so old.
Recipe fitted_to(double age_s, const Recipe& recipe, const TrainOptions& options) {
  // The rest is for validations, checkpoints and a pace that changes.
  constexpr double share_of_steps = 0.9;
  constexpr double pace_share = 0.03;
  const double step_s = Trainer(recipe, options).measure_step_s(pace_share * age_s);
  const double left_s = share_of_steps * (age_s - process_age_s());
  const auto steps = std::max<long>(recipe.optimiser.warmup_steps + 1, std::lround(left_s / step_s));
  std::ostringstream message;
  message << "a step takes " << 1e3 * step_s << " ms: " << steps << " steps";
  options.warn(message.str());
  return parse_recipe(with_setting(recipe.text, "optimiser.steps=" + std::to_string(steps)),
                      "the recipe with --fit-time");
}

int run(const Arguments& arguments) {
  TrainOptions options = arguments.options;
  note_stop_signals();
  Recipe recipe = recipe_of(arguments);
  const ProcessPlace place = place_from_environment();
  std::unique_ptr<ProcessGroup> processes;
  if (place.world_size > 1)
    processes = std::make_unique<ProcessGroup>(
        place, std::chrono::milliseconds(std::llround(1000.0 * parse_duration_s(arguments.peer_timeout))));
  options.processes = processes.get();
  options.device = torch::Device(choose_device(arguments.device, place.local_rank));
  options.checkpoint_every_s = parse_duration_s(arguments.checkpoint_every);
  if (!arguments.resume.empty()) options.resume = arguments.resume;
  if (!arguments.start_from.empty()) options.start_from = arguments.start_from;
  const double limit_s = arguments.time_limit.empty() ? 0.0 : parse_duration_s(arguments.time_limit);
  if (place.world_size > 1 && !arguments.fit_time.empty())
    throw Error(ErrorCode::unsupported, "--fit-time: expected one process, found several, which would disagree");
  options.stop_requested = [limit_s] { return stop_signalled() || (limit_s > 0.0 && process_age_s() >= limit_s); };
  ProgressPrinter printer(arguments.json ? std::cout : std::cerr, style_of(arguments));
  options.report = [&](const Progress& progress) { printer.report(progress); };
  options.warn = [&](const std::string& message) { printer.say(message); };
  if (!arguments.fit_time.empty()) recipe = fitted_to(parse_duration_s(arguments.fit_time), recipe, options);
  Trainer trainer(recipe, options);
  trainer.run();
  return 0;
}

}  // namespace

CLI::Validator a_duration() {
  return {[](const std::string& text) -> std::string {
            try {
              (void)parse_duration_s(text);
              return {};
            } catch (const Error& error) {
              return error.what();
            }
          },
          "TIME"};
}

void add_train_command(CLI::App& app, Action& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  app.add_option("recipe", arguments->recipe, "Recipe file (TOML); with --resume the checkpoint's own will do");
  app.add_option("--data", arguments->options.data, "Folder that holds the recipe's data folders");
  app.add_option("--out", arguments->options.out, "Folder for the checkpoint and the learning curve")
      ->capture_default_str();
  app.add_option("--device", arguments->device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--set", arguments->settings,
                 "Changes a setting of the recipe: section.key=value; may be given more than once")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--seed", arguments->seed, "The same as --set seed=N")->check(CLI::NonNegativeNumber);
  app.add_option("--time-limit", arguments->time_limit,
                 "Stop with a checkpoint when the process is this old: 90s, 9m, 2h")
      ->check(a_duration());
  CLI::Option* fit_time =
      app.add_option("--fit-time", arguments->fit_time,
                     "Train as many steps as take this time from the start of the process, in place of the recipe's; "
                     "the number becomes part of the recipe")
          ->check(a_duration());
  app.add_option("--checkpoint-every", arguments->checkpoint_every, "Time between checkpoints")
      ->check(a_duration())
      ->capture_default_str();
  CLI::Option* resume = app.add_option("--resume", arguments->resume, "Checkpoint to go on from")
                            ->check(CLI::ExistingFile)
                            ->excludes(fit_time);
  app.add_option("--start-from", arguments->start_from,
                 "Weights to begin with, where names and shapes fit: a model's name or folder, a .safetensors file, "
                 "or a .ckpt")
      ->excludes(resume);
  app.add_option("--peer-timeout", arguments->peer_timeout,
                 "With several processes (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT as torchrun sets them): how long "
                 "to wait for another before giving up")
      ->check(a_duration())
      ->capture_default_str();
  app.add_flag("--json", arguments->json, "One JSON object per validation on stdout, in place of progress on stderr");
  app.callback([&app, arguments, &chosen] {
    if (!app.get_subcommands().empty()) return;
    if ((arguments->recipe.empty() && arguments->resume.empty()) || arguments->options.data.empty())
      throw CLI::ValidationError("rdn-train", "expected a recipe and --data, or a subcommand");
    chosen = [arguments] { return run(*arguments); };
  });
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train: trains a network of the registry by a recipe, and exports it as a model folder.
#include <CLI/CLI.hpp>
#include <atomic>
#include <charconv>
#include <csignal>
#include <iostream>
#include <rdenoise/error.hpp>

#include "effective_receptive_field.hpp"
#include "model_export.hpp"
#include "studies/study_command.hpp"
#include "trainer.hpp"

namespace {

std::atomic<bool> stop_requested{false};

extern "C" void request_stop(int) { stop_requested = true; }

/// "90", "90s", "9m", "2h" → seconds
double parse_duration_s(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  const double factor = unit.empty() || unit == "s" ? 1.0 : unit == "m" ? 60.0 : unit == "h" ? 3600.0 : 0.0;
  if (error != std::errc() || factor == 0.0 || value <= 0.0)
    throw CLI::ValidationError("--time-limit", "expected a time such as 90s, 9m or 2h, found " + text);
  return value * factor;
}

torch::Device choose_device(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (torch::cuda::is_available()) return torch::kCUDA;
  if (name == "cuda")
    throw rdenoise::Error(rdenoise::ErrorCode::unsupported,
                          "choosing the device: expected a CUDA GPU and a libtorch for it, found none");
  return torch::kCPU;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rdenoise::training;
  CLI::App app{
      "Trains denoising networks by a recipe.\n\n"
      "  rdn-train recipes/ffdnet-gray.toml --data DIR --out runs\n"
      "  rdn-train export runs/ffdnet-gray.ckpt models/ffdnet-gray"};
  app.require_subcommand(0, 1);

  std::string recipe_path;
  std::string device = "auto";
  std::string time_limit;
  std::string resume;
  TrainOptions options;
  app.add_option("recipe", recipe_path, "recipe file (TOML)");
  app.add_option("--data", options.data, "folder that holds the recipe's data folders");
  app.add_option("--device", device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--time-limit", time_limit, "stop after this time with a checkpoint: 90s, 9m, 2h");
  app.add_option("--resume", resume, "checkpoint to go on from")->check(CLI::ExistingFile);
  std::string start_from;
  app.add_option("--start-from", start_from, "weights.safetensors to take over where names and shapes fit")
      ->check(CLI::ExistingFile)
      ->excludes("--resume");
  app.add_option("--out", options.out, "folder for the checkpoint and the learning curve")->capture_default_str();

  CLI::App* exporter = app.add_subcommand("export", "writes a model folder from a checkpoint");
  std::string checkpoint_path;
  std::string model_folder;
  exporter->add_option("checkpoint", checkpoint_path, "checkpoint file")->required()->check(CLI::ExistingFile);
  exporter->add_option("folder", model_folder, "model folder, made if it does not exist")->required();

  CLI::App* field = app.add_subcommand("receptive-field", "measures how much of its receptive field a model uses");
  std::string model_name;
  field->add_option("model", model_name, "model name, folder or .safetensors file")->required();
  const StudyCommand study(app);

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty() && (recipe_path.empty() || options.data.empty()))
      throw CLI::ValidationError("rdn-train", "expected a recipe and --data, or a subcommand");
    if (!time_limit.empty()) options.time_limit_s = parse_duration_s(time_limit);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  try {
    if (*exporter) {
      export_model(read_checkpoint(checkpoint_path), model_folder);
      return 0;
    }
    if (study.run()) return 0;
    if (*field) {
      const EffectiveReceptiveField measured = measure_receptive_field(rdenoise::load_model(model_name));
      std::cout << "theoretical " << measured.theoretical_px << " px\neffective " << measured.effective_px << " px\n";
      return 0;
    }
    options.device = choose_device(device);
    if (!resume.empty()) options.resume = resume;
    if (!start_from.empty()) options.start_from = start_from;
    options.stop_requested = [] { return stop_requested.load(); };
    options.report = [](const std::string& line) { std::cerr << line << std::endl; };
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    Trainer trainer(read_recipe(recipe_path), options);
    trainer.run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "rdn-train: " << error.what() << '\n';
    return 1;
  }
}

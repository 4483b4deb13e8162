// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model calibrate: makes a model ready for int8, and measures what bf16 and int8 cost it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/model_calibration.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "json_output.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

using rdenoise::ModelPicture;
namespace fs = std::filesystem;

struct Arguments {
  std::string model;
  fs::path data;
  std::size_t pictures = 24;
  std::vector<double> sigmas_8bit;
  std::uint64_t seed = 0;
  double target_loss_db = 0.02;
  double bf16_target_loss_db = 0.007;
  int n_threads = 0;
  bool dry_run = false;
  bool json = false;
};

/// Pictures spread evenly over the folder.
std::vector<ModelPicture> read_pictures(const Arguments& arguments, rdenoise::InputDomain domain) {
  const std::vector<rdenoise::EvalItem> items = rdenoise::list_clean_pictures(arguments.data);
  const std::size_t count = std::min(arguments.pictures, items.size());
  std::vector<ModelPicture> pictures;
  for (std::size_t i = 0; i < count; ++i) {
    const fs::path& path = items[i * items.size() / count].clean;
    naming(path, [&] { pictures.push_back(rdenoise::read_in_domain(path, domain)); });
  }
  return pictures;
}

std::string measured_on(const Arguments& arguments, std::size_t count, const std::vector<double>& sigmas_8bit) {
  std::string levels;
  for (const double sigma_8bit : sigmas_8bit) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%g", sigma_8bit);
    levels += (levels.empty() ? "" : ", ") + std::string(text);
  }
  // Folders called train are many.
  const fs::path folder = (arguments.data.has_filename() ? arguments.data : arguments.data.parent_path());
  const fs::path name = folder.parent_path().filename() / folder.filename();
  return std::to_string(count) + " pictures of " + name.string() + ", sigma " + levels;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += " " + name;
  return text;
}

int run(const Arguments& arguments) {
  const rdenoise::Model model = rdenoise::load_model(arguments.model);
  const std::vector<ModelPicture> pictures = read_pictures(arguments, model.spec.params.input);
  rdenoise::ModelCalibration calibration =
      rdenoise::calibrate_model(model, pictures,
                                {.sigma_8bit = arguments.sigmas_8bit,
                                 .seed = arguments.seed,
                                 .n_threads = arguments.n_threads,
                                 .target_loss_db = arguments.target_loss_db,
                                 .bf16_target_loss_db = arguments.bf16_target_loss_db});
  const std::string on = measured_on(arguments, pictures.size(), calibration.sigma_8bit);
  calibration.metadata["psnr_loss_db.measured_on"] = on;
  if (!arguments.dry_run)
    rdenoise::update_safetensors_metadata(model.path, rdenoise::calibration_prefixes, calibration.metadata);
  Json losses = Json::object();
  for (const rdenoise::PrecisionLoss& loss : calibration.losses) {
    losses[std::string(to_string(loss.precision))] = loss.psnr_db;
    if (!arguments.json) std::printf("%-5s loses %7.4f dB\n", to_string(loss.precision).data(), loss.psnr_db);
  }
  if (arguments.json)
    print_json({{"model", model.name},
                {"path", model.path.string()},
                {"written", !arguments.dry_run},
                {"measured_on", on},
                {"psnr_loss_db", losses},
                {"float_results", calibration.float_results},
                {"float_mac_share", calibration.float_mac_share},
                {"f32_results", calibration.f32_results}});
  else {
    if (!calibration.f32_results.empty())
      std::printf("bf16 keeps in f32 the results of%s\n", joined(calibration.f32_results).c_str());
    if (!calibration.float_results.empty())
      std::printf("int8 leaves in float the results of%s: read by %.0f %% of the multiply-accumulates\n",
                  joined(calibration.float_results).c_str(), 100.0 * calibration.float_mac_share);
    std::printf("worst level, mean of %s\n%s: %s\n", on.c_str(), model.path.c_str(),
                arguments.dry_run ? "not written" : "written");
  }
  return exit_done;
}

}  // namespace

void add_model_calibrate_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      *parent.add_subcommand("calibrate", "Make a model ready for int8, and measure what bf16 and int8 cost it");
  command.footer(
      "Clean pictures of the folder get white noise of each level; the model runs on them in f32, and each channel\n"
      "between its layers gets the scale at which eight bits keep it best. Then the PSNR that bf16 and int8 lose\n"
      "against f32 is measured on the same pictures, and of the layers that cost most some stay in floating point,\n"
      "until int8 meets its target. Where bf16 loses more than 0.007 dB it gets weights whose rounding errors cancel\n"
      "on the pictures, and results that it keeps in f32. All is written into the metadata of the model's\n"
      "weights.safetensors; the weights stay as they are. --precision auto goes by the losses. Take pictures like\n"
      "those that the model was trained on, and none that it will be tested on.");
  command.add_option("M", arguments->model, "Name of a model, or path of a model folder or .safetensors file")
      ->required();
  command.add_option("--data", arguments->data, "Folder of clean pictures")->required();
  command.add_option("--pictures", arguments->pictures, "How many of them, spread over the folder")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100000}))
      ->capture_default_str();
  command
      .add_option("--sigma", arguments->sigmas_8bit,
                  "Noise levels in 8-bit steps, with commas between; without: 15,25,50 within the model's range")
      ->delimiter(',')
      ->check(CLI::NonNegativeNumber);
  command
      .add_option("--target-loss", arguments->target_loss_db,
                  "PSNR that int8 may lose, in dB: it leaves layers in floating point until it loses no more; or, if\n"
                  "that would be more than a third of the work, until it loses 0.035 dB, and two thirds at most")
      ->capture_default_str();
  command
      .add_option("--bf16-target-loss", arguments->bf16_target_loss_db,
                  "PSNR that bf16 may lose, in dB, before it keeps results in f32, which takes time")
      ->capture_default_str();
  command.add_option("--seed", arguments->seed, "Seed of the noise")->capture_default_str();
  command.add_option("--threads", arguments->n_threads, "Number of threads; 0: all cores")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  command.add_flag("--dry-run", arguments->dry_run, "Measure, and write nothing");
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn

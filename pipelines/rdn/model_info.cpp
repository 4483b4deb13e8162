// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model info: one model's network and the figures that follow from it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <rdenoise/denoise.hpp>
#include <rdenoise/model.hpp>
#include <rdenoise/parallel.hpp>
#include <string>

#include "command.hpp"
#include "json_output.hpp"
#include "model_description.hpp"

namespace rdn {
namespace {

struct Arguments {
  std::string model;
  bool json = false;
};

constexpr int tile_px = 256;
constexpr double bytes_per_mib = 1024.0 * 1024.0;

/// What one worker holds for a tile of 256 × 256 pixels and its halo, in f32.
void add_tile_memory(const rdenoise::Model& model, Json& object) {
  // In pixels of the network's picture.
  const int cell_px = rdenoise::cell_edge_px(model.spec.params.input);
  const int alignment_px = rdenoise::alignment_px(model.spec);
  const int wanted_px = tile_px / cell_px + 2 * rdenoise::halo_px(model.spec);
  const int window_px = (wanted_px + alignment_px - 1) / alignment_px * alignment_px;
  const auto executor = rdenoise::make_onednn_executor(model.spec, model.weights, rdenoise::Precision::f32);
  const auto run = executor->prepare(window_px, window_px);
  object["tile_px"] = tile_px;
  object["tile_window_px"] = cell_px * window_px;
  object["memory_per_tile_mib"] = static_cast<double>(run->memory_bytes()) / bytes_per_mib;
}

constexpr int photo_width_px = 6000;
constexpr int photo_height_px = 4000;

/// What a photograph of 24 megapixels takes on this machine, in f32: every worker's window, as the plan has it, and the
/// weights, as the model and in the order of each convolution. A network that sees far needs large windows.
void add_photo_memory(const rdenoise::Model& model, Json& object) {
  const rdenoise::TilePlan plan = rdenoise::Denoiser(model, {}).plan(photo_width_px, photo_height_px);
  const auto executor = rdenoise::make_onednn_executor(model.spec, model.weights, rdenoise::Precision::f32);
  const auto run = executor->prepare(plan.window_height_px, plan.window_width_px);
  const int n_workers = rdenoise::WorkerPool(0).n_threads();
  const double worker_mib = static_cast<double>(run->memory_bytes()) / bytes_per_mib;
  const double weights_mib = (4.0 * static_cast<double>(rdenoise::parameter_count(model.spec)) +
                              static_cast<double>(executor->weights_bytes())) /
                             bytes_per_mib;
  object["photo_px"] = {photo_width_px, photo_height_px};
  object["photo_window_px"] = {plan.window_width_px, plan.window_height_px};
  object["photo_workers"] = n_workers;
  object["memory_per_worker_mib"] = worker_mib;
  object["weights_mib"] = weights_mib;
  object["photo_memory_mib"] = n_workers * worker_mib + weights_mib;
}

int run(const Arguments& arguments) {
  const rdenoise::Model model = rdenoise::load_model(arguments.model);
  Json object = describe(model);
  add_tile_memory(model, object);
  add_photo_memory(model, object);
  if (arguments.json) {
    print_json(object);
    return exit_done;
  }
  for (const auto& [key, value] : object.items()) {
    std::printf("%-20s %s\n", key.c_str(), value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
  }
  return exit_done;
}

}  // namespace

void add_model_info_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("info", "Show a model's network and the figures that follow from it");
  command.add_option("M", arguments->model, "Name of a model, or path of a model folder or .safetensors file")
      ->required();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn

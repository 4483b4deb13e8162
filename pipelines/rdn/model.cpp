// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model list, info, import.
#include <cstdio>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "json_output.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

using rdenoise::Error;
using rdenoise::ErrorCode;
using rdenoise::Model;
namespace fs = std::filesystem;

Json describe(const Model& model) {
  const rdenoise::NetworkSpec& spec = model.spec;
  return {{"name", model.name},
          {"path", model.path.string()},
          {"network", spec.params.network},
          {"input", rdenoise::to_string(spec.params.input)},
          {"depth", spec.params.depth},
          {"width", spec.params.width},
          {"blind", !spec.has_noise_map()},
          {"noise_range_8bit", {model.noise_range_8bit[0], model.noise_range_8bit[1]}},
          {"parameters", rdenoise::parameter_count(spec)},
          {"macs_per_px", rdenoise::macs_per_px(spec)},
          {"receptive_field_px", 2 * rdenoise::receptive_radius_px(spec) + 1},
          {"halo_px", rdenoise::halo_px(spec)},
          {"alignment_px", rdenoise::alignment_px(spec)}};
}

int run_list(bool json) {
  Json models = Json::array();
  int exit_code = exit_done;
  for (const std::string& name : rdenoise::list_models()) {
    try {
      models.push_back(describe(rdenoise::load_model(name)));
    } catch (const Error& error) {
      std::fprintf(stderr, "rdn: %s\n", error.what());
      exit_code = exit_input_failed;
    }
  }
  if (json) {
    print_json({{"models", models}});
    return exit_code;
  }
  for (const Json& model : models) {
    std::printf("%-24s %-8s %-6s %8.3f M parameters   %s\n", model["name"].get<std::string>().c_str(),
                model["network"].get<std::string>().c_str(), model["input"].get<std::string>().c_str(),
                model["parameters"].get<double>() / 1e6, model["path"].get<std::string>().c_str());
  }
  if (models.empty()) {
    std::fputs("no models found; searched:\n", stderr);
    for (const fs::path& folder : rdenoise::model_search_path()) std::fprintf(stderr, "  %s\n", folder.c_str());
  }
  return exit_code;
}

int run_info(const std::string& name, bool json) {
  const Json object = describe(rdenoise::load_model(name));
  if (json) {
    print_json(object);
    return exit_done;
  }
  for (const auto& [key, value] : object.items()) {
    std::printf("%-20s %s\n", key.c_str(), value.is_string() ? value.get<std::string>().c_str() : value.dump().c_str());
  }
  return exit_done;
}

struct ImportArguments {
  fs::path input;
  fs::path output;
  std::string network;
  bool json = false;
};

void write_card(const fs::path& folder, const std::string& source_name, const Json& about) {
  const fs::path path = folder / "CARD.md";
  std::ofstream card(path);
  card << "# " << about["name"].get<std::string>() << "\n\n"
       << "Imported from `" << source_name
       << "` with `rdn model import`. This project did not train these weights; ask "
       << "their makers for data and licence.\n\n"
       << "- network: " << about["network"].get<std::string>() << ", input " << about["input"].get<std::string>()
       << ", " << about["depth"] << " convolutions, " << about["width"] << " channels\n"
       << "- parameters: " << about["parameters"] << "\n"
       << "- receptive field: " << about["receptive_field_px"] << " px\n";
  card.close();
  if (!card) throw Error(ErrorCode::io, path.string() + ": cannot be written");
}

int run_import(const ImportArguments& arguments) {
  const rdenoise::Weights imported = naming(arguments.input, [&] {
    return rdenoise::import_state_dict(rdenoise::read_safetensors(arguments.input), arguments.network);
  });
  const bool is_folder = arguments.output.extension() != ".safetensors";
  const fs::path weights_path = is_folder ? arguments.output / "weights.safetensors" : arguments.output;
  naming(weights_path, [&] {
    std::error_code error;
    if (is_folder) fs::create_directories(arguments.output, error);
    if (error) throw Error(ErrorCode::io, arguments.output.string() + ": cannot be made: " + error.message());
    rdenoise::write_safetensors(weights_path, imported);
  });
  const Json about = describe(rdenoise::load_model(arguments.output.string()));
  if (is_folder) write_card(arguments.output, arguments.input.filename().string(), about);
  if (arguments.json) {
    print_json(about);
  } else {
    std::fprintf(stderr, "%s: %s, %s, %s parameters\n", arguments.output.c_str(),
                 about["network"].get<std::string>().c_str(), about["input"].get<std::string>().c_str(),
                 about["parameters"].dump().c_str());
  }
  return exit_done;
}

void add_list_command(CLI::App& parent, Action& chosen) {
  auto json = std::make_shared<bool>(false);
  CLI::App& command = *parent.add_subcommand("list", "List the models that are found by name");
  command.footer("Searched: the folders of RDENOISE_MODEL_PATH (colon-separated), then the installed data folder.");
  add_json_flag(command, *json);
  command.callback([json, &chosen] { chosen = [json] { return run_list(*json); }; });
}

void add_info_command(CLI::App& parent, Action& chosen) {
  struct InfoArguments {
    std::string model;
    bool json = false;
  };
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App& command = *parent.add_subcommand("info", "Show a model's network and the figures that follow from it");
  command.add_option("M", arguments->model, "Name of a model, or path of a model folder or .safetensors file")
      ->required();
  add_json_flag(command, arguments->json);
  command.callback(
      [arguments, &chosen] { chosen = [arguments] { return run_info(arguments->model, arguments->json); }; });
}

void add_import_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App& command = *parent.add_subcommand("import", "Import the published weights of a known network");
  command.footer(
      "IN is a plain safetensors file whose tensors are named as in the network's PyTorch state dict. OUT is a model\n"
      "folder (weights.safetensors and CARD.md), or a file if it ends in .safetensors.");
  command.add_option("IN", arguments->input, "Safetensors file")->required();
  command.add_option("OUT", arguments->output, "Model folder, or .safetensors file")->required();
  std::vector<std::string> known;
  for (const rdenoise::Architecture& architecture : rdenoise::architectures()) known.emplace_back(architecture.name);
  command
      .add_option("--network", arguments->network, "Take the tensors for this network; without: found by their names")
      ->check(CLI::IsMember(known));
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run_import(*arguments); }; });
}

}  // namespace

void add_model_commands(CLI::App& parent, Action& chosen) {
  CLI::App& model = *parent.add_subcommand("model", "List, show and import models");
  model.require_subcommand(1);
  add_list_command(model, chosen);
  add_info_command(model, chosen);
  add_import_command(model, chosen);
}

}  // namespace rdn

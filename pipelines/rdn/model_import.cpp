// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model import: published weights become a model of this project.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "json_output.hpp"
#include "model_description.hpp"
#include "named_error.hpp"

namespace rdn {
namespace {

using rdenoise::Error;
using rdenoise::ErrorCode;
namespace fs = std::filesystem;

struct Arguments {
  fs::path input;
  fs::path output;
  std::string network;
  std::string sub_image_order = "row-major";
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

int run(const Arguments& arguments) {
  const rdenoise::Weights imported = naming(arguments.input, [&] {
    return rdenoise::import_state_dict(rdenoise::read_safetensors(arguments.input), arguments.network,
                                       rdenoise::parse_sub_image_order(arguments.sub_image_order));
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

}  // namespace

void add_model_import_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
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
  command
      .add_option("--sub-image-order", arguments->sub_image_order,
                  "FFDNet only: order of a cell's pixels; column-major for weights that come from MATLAB")
      ->check(CLI::IsMember({"row-major", "column-major"}))
      ->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn

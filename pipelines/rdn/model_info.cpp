// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model info: one model's network and the figures that follow from it.
#include <cstdio>
#include <rdenoise/model.hpp>
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

int run(const Arguments& arguments) {
  const Json object = describe(rdenoise::load_model(arguments.model));
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

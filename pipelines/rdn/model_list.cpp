// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn model list: what is found by name.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <string>

#include "command.hpp"
#include "json_output.hpp"
#include "model_description.hpp"

namespace rdn {
namespace {

int run(bool json) {
  Json models = Json::array();
  int exit_code = exit_done;
  for (const std::string& name : rdenoise::list_models()) {
    try {
      models.push_back(describe(rdenoise::load_model(name)));
    } catch (const rdenoise::Error& error) {
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
    for (const std::filesystem::path& folder : rdenoise::model_search_path())
      std::fprintf(stderr, "  %s\n", folder.c_str());
  }
  return exit_code;
}

}  // namespace

void add_model_list_command(CLI::App& parent, Action& chosen) {
  auto json = std::make_shared<bool>(false);
  CLI::App& command = *parent.add_subcommand("list", "List the models that are found by name");
  command.footer("Searched: the folders of RDENOISE_MODEL_PATH (colon-separated), then the installed data folder.");
  add_json_flag(command, *json);
  command.callback([json, &chosen] { chosen = [json] { return run(*json); }; });
}

}  // namespace rdn

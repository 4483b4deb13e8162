// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train card: measures a model on the usual test sets and writes the figures into its card.
#include <fstream>
#include <iostream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "command.hpp"
#include "model_card.hpp"
#include "quality_table.hpp"

namespace rdenoise::training {
namespace {

struct Arguments {
  std::string model;
  std::filesystem::path data;
  std::vector<double> sigmas_8bit{15.0, 25.0, 35.0, 50.0, 75.0};
  std::uint64_t seed = 0;
};

void write_card(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path temporary = path;
  temporary += ".part";
  std::ofstream stream(temporary);
  stream << text;
  stream.close();
  std::error_code error;
  if (stream) std::filesystem::rename(temporary, path, error);
  if (!stream || error)
    throw Error(ErrorCode::io, "writing " + path.string() + ": expected room, found that writing failed");
}

int run(const Arguments& arguments) {
  Model model = load_model(arguments.model);
  const std::filesystem::path path = model.path.parent_path() / "CARD.md";
  std::string card = "# " + model.name + "\n";
  if (std::ifstream stream(path); stream) card.assign(std::istreambuf_iterator<char>(stream), {});
  const QualityTable table = measure_quality(std::move(model), arguments.data, arguments.sigmas_8bit, arguments.seed,
                                             [](const std::string& line) { std::cerr << line << std::endl; });
  const std::string markdown = to_markdown(table);
  write_card(path, with_quality(card, markdown));
  std::cout << markdown;
  return 0;
}

}  // namespace

void add_card_command(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      *parent.add_subcommand("card", "Measure a model on test sets and write the table into its CARD.md");
  command.add_option("model", arguments->model, "Model folder, or name on the search path")->required();
  command
      .add_option("--data", arguments->data, "Folder with folders called set12, bsd68, cbsd68, kodak24 anywhere below")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--sigma", arguments->sigmas_8bit, "Noise levels in 8-bit steps")
      ->delimiter(',')
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--seed", arguments->seed, "Seed of the noise, as rdn eval's")->capture_default_str();
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train confusion: how good a classifier is, and which classes it takes for which.
#include <filesystem>
#include <iostream>
#include <memory>

#include "command.hpp"
#include "confusion_table.hpp"

namespace rdenoise::training {
namespace {

struct Arguments {
  std::filesystem::path classifier;
  ConfusionPictures pictures;
  std::vector<double> sigmas_8bit{0.0, 15.0, 25.0, 50.0};
};

int run(const Arguments& arguments) {
  const bool is_folder = std::filesystem::is_directory(arguments.classifier);
  const ClassifierModel classifier =
      load_classifier(is_folder ? arguments.classifier / "classifier.safetensors" : arguments.classifier);
  for (const double sigma_8bit : arguments.sigmas_8bit)
    std::cout << to_markdown(measure_confusion(classifier, arguments.pictures, sigma_8bit)) << std::endl;
  return 0;
}

}  // namespace

void add_confusion_command(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      *parent.add_subcommand("confusion", "Test a classifier on noisy pictures by class: a table for each noise level");
  command.add_option("classifier", arguments->classifier, "classifier.safetensors, or the model folder with it")
      ->required()
      ->check(CLI::ExistingPath);
  command.add_option("--data", arguments->pictures.data, "Folder with a folder for each class, named as it")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--below", arguments->pictures.below, "Take the pictures of DATA/CLASS/THIS: test, for example");
  command.add_option("--sigma", arguments->sigmas_8bit, "Noise levels in 8-bit steps")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_flag("--gray", arguments->pictures.gray, "Give luma only, as a gray denoiser is given it");
  command.add_option("--seed", arguments->pictures.seed, "Seed of the noise")->capture_default_str();
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdenoise::training

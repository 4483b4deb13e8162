// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn-train study …: measures and plots what the papers discuss.
#include <iostream>
#include <memory>

#include "command.hpp"
#include "studies/bayer_study.hpp"
#include "studies/bias_free_study.hpp"
#include "studies/class_aware_study.hpp"
#include "studies/losses_study.hpp"
#include "studies/real_noise_study.hpp"
#include "studies/receptive_field_study.hpp"
#include "studies/wrong_sigma_study.hpp"
#include "study_arguments.hpp"

namespace rdenoise::training {
namespace {

struct ReceptiveFieldArguments {
  ReceptiveFieldStudy study;
  std::string folder;
};

void add_receptive_field_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<ReceptiveFieldArguments>();
  CLI::App& command = *parent.add_subcommand(
      "receptive-field", "Effective receptive fields against depth, untrained and trained, as CSV and SVG");
  command.add_option("--out", arguments->folder, "Folder for the results")->required();
  command.add_option("--depths", arguments->study.depths, "Depths of the untrained stacks")
      ->check(CLI::Range(1, 100))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
  command.add_option("--width", arguments->study.width, "Their channels; even")
      ->check(CLI::Range(2, 512))
      ->capture_default_str();
  command.add_option("--draws", arguments->study.draws, "Sets of untrained weights")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("models", arguments->study.models, "Trained models: names, folders or files");
  command.callback([arguments, &chosen] {
    chosen = [arguments] {
      run_receptive_field_study(arguments->study, arguments->folder,
                                [](const std::string& line) { std::cout << line << '\n'; });
      return 0;
    };
  });
}

void add_sigmas(CLI::App& command, const char* name, std::vector<double>& sigmas_8bit, const char* description) {
  command.add_option(name, sigmas_8bit, description)
      ->check(CLI::Range(0.1, 255.0))
      ->delimiter(',')
      ->allow_extra_args(false)
      ->capture_default_str();
}

void add_names(CLI::App& command, const char* name, std::vector<std::string>& names, const char* description) {
  command.add_option(name, names, description)->delimiter(',')->allow_extra_args(false)->capture_default_str();
}

/// A study that runs by `run_it`.
template <typename Study>
struct StudyCommand {
  StudyArguments shared;
  Study study;
};

template <typename Study>
void choose(CLI::App& command, const std::shared_ptr<StudyCommand<Study>>& arguments,
            void (*run_it)(const Study&, StudyRun&), Action& chosen) {
  command.callback([arguments, run_it, &chosen] {
    chosen = [arguments, run_it] {
      return run_study(arguments->shared, [&](StudyRun& run) { run_it(arguments->study, run); });
    };
  });
}

void add_bias_free_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<BiasFreeStudy>>();
  BiasFreeStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "bias-free", "Networks with and without biases, trained on little noise, tested on more; usual set: Set12");
  add_study_training_options(command, arguments->shared);
  add_sigmas(command, "--sigmas", study.sigmas_8bit, "Noise of the test, in 8-bit steps");
  command.add_option("--noise-max", study.trained_up_to_8bit, "The most noise that both are trained on")
      ->check(CLI::Range(0.1, 255.0))
      ->capture_default_str();
  command
      .add_option("--wide-noise-max", study.wide_up_to_8bit, "Also a network with biases, trained up to this; 0: none")
      ->check(CLI::Range(0.0, 255.0))
      ->capture_default_str();
  choose(command, arguments, run_bias_free_study, chosen);
}

void add_losses_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<LossesStudy>>();
  LossesStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "losses", "Loss functions by nine measures of quality; usual sets: Kodak24 for mosaics, LIVE1 for JPEG");
  add_study_training_options(command, arguments->shared);
  add_names(command, "--tasks", study.tasks, "denoise+demosaic, deblock");
  add_names(command, "--losses", study.losses, "Kinds of [loss]; A-to-B changes after half of the steps");
  command.add_option("--sigma", study.sigma_8bit, "White noise on the mosaics of the test, in 8-bit steps")
      ->check(CLI::Range(0.0, 255.0))
      ->capture_default_str();
  command.add_option("--jpeg-quality", study.jpeg_quality, "To deblock, in training and test")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  choose(command, arguments, run_losses_study, chosen);
}

void add_wrong_sigma_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<WrongSigmaStudy>>();
  WrongSigmaStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "wrong-sigma", "Models told too much or too little noise; usual sets: Set12 for gray, Kodak24 for color");
  add_study_picture_options(command, arguments->shared);
  add_sigmas(command, "--true", study.true_8bit, "Noise of the pictures, in 8-bit steps");
  add_sigmas(command, "--told", study.told_8bit, "What the models are told");
  command.add_option("models", study.models, "Models that are told the noise: names, folders or files")->required();
  choose(command, arguments, run_wrong_sigma_study, chosen);
}

void add_class_aware_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<ClassAwareStudy>>();
  ClassAwareStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "class-aware", "Networks for a class of pictures against the one for all, on DATA/classes/NAME/test");
  add_study_training_options(command, arguments->shared);
  // Each class has test pictures of its own.
  command.remove_option(command.get_option("--test"));
  command.add_option("--classes-folder", study.folders, "In place of DATA/classes")->check(CLI::ExistingDirectory);
  add_names(command, "--classes", study.classes, "Which classes; without it all");
  add_sigmas(command, "--sigmas", study.sigmas_8bit, "Noise of the test, in 8-bit steps");
  command.add_option("--model", study.model, "A model with classes; without it networks are trained");
  choose(command, arguments, run_class_aware_study, chosen);
}

void add_real_noise_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<RealNoiseStudy>>();
  RealNoiseStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "real-noise", "Blind models, one that is told an estimate, and BM3D, on pairs of real photographs; usual: cc60");
  add_study_picture_options(command, arguments->shared);
  command.remove_option(command.get_option("--test"));
  command
      .add_option("--pairs", study.pairs, "Folder of pairs as rdn eval --pairs takes it; may be given more than once")
      ->check(CLI::ExistingDirectory)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--only", study.only,
                     "Regular expression: measure the pairs whose FOLDER/NAME it finds, as those never trained on");
  command
      .add_option("--non-blind", study.non_blind, "Model that is told the estimated noise; may be given more than once")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("models", study.models, "Blind models of colour pictures: names, folders or files")->required();
  choose(command, arguments, run_real_noise_study, chosen);
}

void add_bayer_study(CLI::App& parent, Action& chosen) {
  const auto arguments = std::make_shared<StudyCommand<BayerStudy>>();
  BayerStudy& study = arguments->study;
  CLI::App& command = *parent.add_subcommand(
      "bayer", "RAW photos denoised as mosaics against developed ones, by ISO; usual set: Kodak24");
  add_study_picture_options(command, arguments->shared);
  command.add_option("--every", study.every, "Of the test pictures only each N-th")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  add_names(command, "--cameras", study.cameras, "Whose noise: names as in darktable's file, the maker's in front");
  command
      .add_option("--profiles", study.profiles, "darktable's noiseprofiles.json; without it DATA/profiles/… or its own")
      ->check(CLI::ExistingFile);
  const auto add_numbers = [&](const char* name, std::vector<double>& numbers, const char* description) {
    command.add_option(name, numbers, description)
        ->check(CLI::PositiveNumber)
        ->delimiter(',')
        ->allow_extra_args(false)
        ->capture_default_str();
  };
  add_numbers("--isos", study.isos, "Beyond the measured ones profiles are extrapolated");
  add_numbers("--strengths", study.strengths, "Factors on the noise that the colour model is told, beside 1");
  command.add_option("--blind", study.blind_models, "Blind model for developed pictures; may be given more than once")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("bayer-model", study.bayer_model, "For mosaics: name, folder or file")->required();
  command.add_option("color-model", study.color_model, "For developed pictures")->required();
  choose(command, arguments, run_bayer_study, chosen);
}

}  // namespace

void add_study_command(CLI::App& parent, Action& chosen) {
  CLI::App& study = *parent.add_subcommand("study", "Measure and plot what the papers discuss");
  study.require_subcommand(1);
  add_receptive_field_study(study, chosen);
  add_bias_free_study(study, chosen);
  add_losses_study(study, chosen);
  add_wrong_sigma_study(study, chosen);
  add_class_aware_study(study, chosen);
  add_real_noise_study(study, chosen);
  add_bayer_study(study, chosen);
}

}  // namespace rdenoise::training

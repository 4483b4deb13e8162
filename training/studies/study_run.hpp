// SPDX-License-Identifier: LGPL-2.1-or-later
// What studies have in common: networks trained once and found again, test pictures, results as CSV and SVG.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <optional>
#include <rdenoise/chart.hpp>
#include <rdenoise/csv.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/model.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "learning_curve.hpp"
#include "progress.hpp"

namespace rdenoise::training {

struct StudyOptions {
  std::filesystem::path data;         ///< holds the recipes' data folders and, anywhere below, the usual test sets
  std::filesystem::path out;          ///< gets networks and results
  std::vector<std::string> settings;  ///< "optimiser.steps=500": changed in every recipe
  double time_limit_s = 0.0;          ///< of training, for each network and over all its runs; 0: none
  std::filesystem::path test = {};    ///< folder of test pictures; empty: the study's usual set below `data`
  std::size_t most_pictures = 0;      ///< of the test folder, the first by name; 0: all
  std::string device = "cpu";         ///< as choose_device names it
  std::function<bool()> stop_requested = [] { return false; };
  std::function<void(const std::string&)> say = [](const auto&) {};  ///< a line
  std::function<void(const Progress&)> progress = [](const auto&) {};
};

/// Thrown out of a study when a stop was asked for. What was trained is in its checkpoints.
struct StudyStopped : std::exception {
  [[nodiscard]] const char* what() const noexcept override {
    return "stopped before the study's end; the same command goes on from here";
  }
};

/// A network that a study compares.
struct StudyNetwork {
  std::string name;                       ///< of NAME.ckpt and of the model folder NAME
  std::string_view recipe;                ///< see study_recipe
  std::vector<std::string> settings;      ///< what tells it from the others; they win against StudyOptions::settings
  std::optional<std::string> start_from;  ///< the name of another network of this study, trained before
};

struct TrainedNetwork {
  Model model;  ///< the averaged weights of the last step, so that none is favoured by what validation measures
  LearningCurve curve;
  std::int64_t steps = 0;
};

class StudyRun {
 public:
  explicit StudyRun(StudyOptions options);

  /// What train() would refuse, found before anything is trained: a slip should not cost hours.
  /// throws  Error{invalid_argument|corrupt}
  void check(const StudyNetwork& network) const;
  /// Trains the network, goes on with its training, or takes it as it is if its checkpoint has seen all steps or the
  /// time limit. Also writes it as a model folder, for other programs.
  /// throws  StudyStopped;  Error{invalid_argument} if its checkpoint is of other settings, and as Trainer
  [[nodiscard]] TrainedNetwork train(const StudyNetwork& network);

  /// throws  Error{not_found} if there is no such folder or it has no pictures
  [[nodiscard]] std::vector<EvalItem> test_pictures(const std::string& usual_set) const;
  [[nodiscard]] std::vector<EvalItem> pictures_of(const std::filesystem::path& folder) const;

  /// To be called between pictures.  throws  StudyStopped
  void stop_if_asked() const;
  void say(const std::string& line) const { options_.say(line); }
  [[nodiscard]] const StudyOptions& options() const noexcept { return options_; }

  /// NAME.csv or NAME.svg in the folder for results.  throws  Error{io}
  void write(const std::string& name, const RecordTable& table) const;
  void write(const std::string& name, const Chart& chart) const;

 private:
  [[nodiscard]] std::filesystem::path checkpoint_of(const std::string& name) const;

  StudyOptions options_;
};

/// "27.31 dB"
[[nodiscard]] std::string db_text(double value_db);
/// "12.5", without zeros that say nothing
[[nodiscard]] std::string number_text(double value);

}  // namespace rdenoise::training

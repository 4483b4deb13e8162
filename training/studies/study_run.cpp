// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/study_run.hpp"

#include <chrono>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <utility>

#include "model_export.hpp"
#include "recipe_text.hpp"
#include "studies/study_recipes.hpp"
#include "test_set_folder.hpp"
#include "trainer.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

Recipe recipe_of(const StudyNetwork& network, const std::vector<std::string>& settings) {
  std::string text = study_recipe(network.recipe);
  for (const std::string& setting : settings) text = with_setting(text, setting);
  for (const std::string& setting : network.settings) text = with_setting(text, setting);
  return parse_recipe(with_setting(text, "name=" + network.name), "the recipe " + std::string(network.recipe));
}

void expect_same_recipe(const Checkpoint& checkpoint, const Recipe& recipe, const fs::path& path) {
  std::string list;
  for (const std::string& difference : differing_settings(checkpoint.recipe, recipe.text))
    list += (list.empty() ? "" : ", ") + difference;
  if (!list.empty())
    throw Error(ErrorCode::invalid_argument, "going on with " + path.string() +
                                                 ": expected the settings it was trained by, found other ones, there "
                                                 "and here: " +
                                                 list + "; another folder for results begins anew");
}

}  // namespace

StudyRun::StudyRun(StudyOptions options) : options_(std::move(options)) { fs::create_directories(options_.out); }

fs::path StudyRun::checkpoint_of(const std::string& name) const { return options_.out / (name + ".ckpt"); }

void StudyRun::check(const StudyNetwork& network) const {
  const Recipe recipe = recipe_of(network, options_.settings);
  if (const fs::path path = checkpoint_of(network.name); fs::exists(path))
    expect_same_recipe(read_checkpoint(path), recipe, path);
}

TrainedNetwork StudyRun::train(const StudyNetwork& network) {
  stop_if_asked();
  const Recipe recipe = recipe_of(network, options_.settings);
  const fs::path path = checkpoint_of(network.name);
  std::int64_t step = 0;
  double seconds_before = 0.0;
  const bool begun = fs::exists(path);
  if (begun) {
    const Checkpoint checkpoint = read_checkpoint(path);
    expect_same_recipe(checkpoint, recipe, path);
    step = checkpoint.step;
    seconds_before = checkpoint.seconds_trained;
  }
  const auto started = std::chrono::steady_clock::now();
  const auto out_of_time = [&] {
    const std::chrono::duration<double> now = std::chrono::steady_clock::now() - started;
    return options_.time_limit_s > 0.0 && seconds_before + now.count() >= options_.time_limit_s;
  };
  if (!begun || (step < recipe.optimiser.steps && !out_of_time())) {
    say(network.name + ": " + (begun ? "going on from step " + std::to_string(step) : "training"));
    TrainOptions training{.data = options_.data, .out = options_.out, .device = torch::Device(options_.device)};
    if (begun) training.resume = path;
    if (!begun && network.start_from) training.start_from = checkpoint_of(*network.start_from).string();
    training.stop_requested = [&] { return options_.stop_requested() || out_of_time(); };
    training.report = options_.progress;
    training.warn = options_.say;
    Trainer trainer(recipe, training);
    trainer.run();
    if (trainer.step() < recipe.optimiser.steps && !out_of_time()) throw StudyStopped();
  }
  const Checkpoint checkpoint = read_checkpoint(path);
  const fs::path folder = options_.out / network.name;
  fs::remove(folder / "CARD.md");  // of an earlier state of the network
  export_model(checkpoint, folder, WhichWeights::last);
  say(network.name + ": " + std::to_string(checkpoint.step) + " of " + std::to_string(recipe.optimiser.steps) +
      " steps");
  return {load_model(folder.string()), checkpoint.curve, checkpoint.step};
}

std::vector<EvalItem> StudyRun::test_pictures(const std::string& usual_set) const {
  if (!options_.test.empty()) return pictures_of(options_.test);
  const auto folder = find_test_set(options_.data, usual_set);
  if (!folder)
    throw Error(ErrorCode::not_found, "looking for test pictures: expected --test or a folder called " + usual_set +
                                          " below " + options_.data.string() + ", found none");
  return pictures_of(*folder);
}

std::vector<EvalItem> StudyRun::pictures_of(const fs::path& folder) const {
  std::vector<EvalItem> items = list_clean_pictures(folder);
  if (options_.most_pictures > 0 && items.size() > options_.most_pictures) items.resize(options_.most_pictures);
  return items;
}

void StudyRun::stop_if_asked() const {
  if (options_.stop_requested()) throw StudyStopped();
}

void StudyRun::write(const std::string& name, const RecordTable& table) const {
  write_records_csv(options_.out / (name + ".csv"), table);
}

void StudyRun::write(const std::string& name, const Chart& chart) const {
  write_svg(options_.out / (name + ".svg"), chart);
}

std::string db_text(double value_db) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f dB", value_db);
  return text;
}

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/class_aware_study.hpp"

#include <algorithm>
#include <rdenoise/error.hpp>
#include <utility>

#include "studies/white_noise_psnr.hpp"

namespace rdenoise::training {
namespace {

const std::vector<std::string> recipe_classes{"face", "flower", "living-room", "pet", "street"};

struct ClassNetworks {
  Model agnostic;
  std::vector<std::pair<std::string, Model>> by_class;
};

ClassNetworks given_networks(const ClassAwareStudy& study) {
  const Model model = load_model(study.model);
  std::vector<std::string> classes = study.classes;
  if (classes.empty())
    for (const auto& [name, weights] : model.by_class) classes.push_back(name);
  ClassNetworks networks{with_weights_of(model, "none"), {}};
  for (const std::string& name : classes) networks.by_class.emplace_back(name, with_weights_of(model, name));
  return networks;
}

ClassNetworks trained_networks(const ClassAwareStudy& study, StudyRun& run) {
  std::vector<std::string> classes = study.classes;
  if (classes.empty()) classes = recipe_classes;
  for (const std::string& name : classes)
    if (std::ranges::find(recipe_classes, name) == recipe_classes.end())
      throw Error(ErrorCode::not_found,
                  "studying classes: expected one that there is a recipe for, found \"" + name + '"');
  const std::string agnostic = "class-aware";
  ClassNetworks networks{run.train({.name = agnostic, .recipe = agnostic, .settings = {}, .start_from = {}}).model, {}};
  for (const std::string& name : classes) {
    const std::string network = agnostic + '-' + name;
    networks.by_class.emplace_back(
        name, run.train({.name = network, .recipe = network, .settings = {}, .start_from = agnostic}).model);
  }
  return networks;
}

}  // namespace

void run_class_aware_study(const ClassAwareStudy& study, StudyRun& run) {
  ClassNetworks networks = study.model.empty() ? trained_networks(study, run) : given_networks(study);
  const std::filesystem::path folders = study.folders.empty() ? run.options().data / "classes" : study.folders;
  RecordTable table{{"pictures_class", "sigma_8bit", "psnr_in_db", "agnostic_psnr_db", "aware_psnr_db", "gain_db"}, {}};
  Chart chart{.title = "Gain of knowing the class",
              .x_axis = {.label = "σ [8-bit steps]"},
              .panel = {.y_axis = {.label = "PSNR above the network for all classes [dB]"}, .series = {}}};
  Denoiser agnostic = study_denoiser(std::move(networks.agnostic));
  for (auto& [name, model] : networks.by_class) {
    const std::vector<EvalItem> pictures = run.pictures_of(folders / name / "test");
    Denoiser aware = study_denoiser(std::move(model));
    ChartSeries series{.name = name, .points = {}, .markers = true};
    for (const double sigma_8bit : study.sigmas_8bit) {
      const WhiteNoise noise{sigma_8bit, sigma_8bit};
      const MeanPsnr without = white_noise_psnr(run, agnostic, pictures, noise);
      const MeanPsnr with = white_noise_psnr(run, aware, pictures, noise);
      const double gain_db = with.denoised_db - without.denoised_db;
      table.rows.push_back({name, sigma_8bit, without.noisy_db, without.denoised_db, with.denoised_db, gain_db});
      series.points.push_back({sigma_8bit, gain_db});
      run.say(name + ", σ " + number_text(sigma_8bit) + ": for all " + db_text(without.denoised_db) + ", for " + name +
              ' ' + db_text(with.denoised_db));
    }
    chart.panel.series.push_back(std::move(series));
  }
  run.write("class-aware", table);
  run.write("class-aware", chart);
}

}  // namespace rdenoise::training

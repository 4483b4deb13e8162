// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/wrong_sigma_study.hpp"

#include <algorithm>

#include "studies/study_models.hpp"
#include "studies/white_noise_psnr.hpp"

namespace rdenoise::training {
namespace {

/// All at one true σ.
ChartSeries study_level(const WrongSigmaStudy& study, const StudyRun& run, Denoiser& denoiser,
                        const std::vector<EvalItem>& pictures, double true_8bit, RecordTable& table) {
  const std::string& model = denoiser.model().name;
  const MeanPsnr right = white_noise_psnr(run, denoiser, pictures, {true_8bit, true_8bit});
  ChartSeries series{.name = model + ", true σ " + number_text(true_8bit), .points = {}, .markers = true};
  std::vector<double> told_8bit = study.told_8bit;
  if (std::ranges::find(told_8bit, true_8bit) == told_8bit.end()) told_8bit.push_back(true_8bit);
  std::ranges::sort(told_8bit);
  for (const double told : told_8bit) {
    const MeanPsnr psnr = told == true_8bit ? right : white_noise_psnr(run, denoiser, pictures, {true_8bit, told});
    table.rows.push_back(
        {model, true_8bit, told, psnr.noisy_db, psnr.denoised_db, psnr.denoised_db - right.denoised_db});
    series.points.push_back({told, psnr.denoised_db});
    run.say(series.name + ", told " + number_text(told) + ": " + db_text(psnr.denoised_db));
  }
  return series;
}

}  // namespace

void run_wrong_sigma_study(const WrongSigmaStudy& study, StudyRun& run) {
  RecordTable table{{"model", "true_sigma_8bit", "told_sigma_8bit", "psnr_in_db", "psnr_db", "change_db"}, {}};
  Chart chart{.title = "Told a wrong noise level",
              .x_axis = {.label = "σ that the network is told [8-bit steps]"},
              .panel = {.y_axis = {.label = "PSNR [dB]"}, .series = {}}};
  for (Model& model : load_study_models(study.models, NoiseKnowledge::told, "studying wrong sigmas")) {
    const std::vector<EvalItem> pictures =
        run.test_pictures(model.spec.params.input == InputDomain::gray ? "set12" : "kodak24");
    Denoiser denoiser = study_denoiser(std::move(model));
    for (const double true_8bit : study.true_8bit)
      chart.panel.series.push_back(study_level(study, run, denoiser, pictures, true_8bit, table));
  }
  run.write("wrong-sigma", table);
  run.write("wrong-sigma", chart);
}

}  // namespace rdenoise::training

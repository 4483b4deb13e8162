// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/bias_free_study.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "studies/white_noise_psnr.hpp"

namespace rdenoise::training {
namespace {

struct Contender {
  std::string label;
  std::string column;
  Denoiser denoiser;
};

Contender contender(StudyRun& run, const std::string& label, const std::string& column, std::string_view recipe,
                    const std::string& name, double up_to_8bit) {
  TrainedNetwork trained =
      run.train({.name = name,
                 .recipe = recipe,
                 .settings = {"noise.min_8bit=0.0", "noise.max_8bit=" + std::to_string(up_to_8bit)},
                 .start_from = {}});
  return {label + ", σ up to " + number_text(up_to_8bit), column, study_denoiser(std::move(trained.model))};
}

Chart chart_of(const std::vector<Contender>& contenders) {
  Chart chart{.title = "Trained on little noise, tested on more",
              .x_axis = {.label = "PSNR of the noisy picture [dB]"},
              .panel = {.y_axis = {.label = "PSNR of the denoised picture [dB]"}, .series = {}}};
  for (const Contender& c : contenders) chart.panel.series.push_back({.name = c.label, .points = {}, .markers = true});
  chart.panel.series.push_back({.name = "not denoised", .points = {}, .dashed = true, .color = "#888888"});
  return chart;
}

/// Where the trained range ends, as a line from the lowest to the highest point.
ChartSeries range_end(const Chart& chart, double trained_up_to_8bit) {
  double least_db = std::numeric_limits<double>::infinity();
  double most_db = -least_db;
  for (const ChartSeries& series : chart.panel.series)
    for (const ChartPoint& point : series.points) {
      if (!std::isfinite(point.y)) continue;
      least_db = std::min(least_db, point.y);
      most_db = std::max(most_db, point.y);
    }
  // White noise is not clipped, so its PSNR follows from σ.
  const double psnr_in_db = 20.0 * std::log10(255.0 / trained_up_to_8bit);
  return {.name = "σ " + number_text(trained_up_to_8bit) + "; more noise to the left",
          .points = {{psnr_in_db, least_db}, {psnr_in_db, most_db}},
          .dashed = true,
          .color = "#000000"};
}

}  // namespace

void run_bias_free_study(const BiasFreeStudy& study, StudyRun& run) {
  const std::vector<EvalItem> pictures = run.test_pictures("set12");
  std::vector<Contender> contenders;
  contenders.push_back(
      contender(run, "without biases", "bias_free_psnr_db", "bfcnn", "bias-free", study.trained_up_to_8bit));
  contenders.push_back(
      contender(run, "with biases", "biased_psnr_db", "bfcnn-biased", "biased", study.trained_up_to_8bit));
  if (study.wide_up_to_8bit > 0.0)
    contenders.push_back(
        contender(run, "with biases", "biased_wide_psnr_db", "bfcnn-biased", "biased-wide", study.wide_up_to_8bit));

  RecordTable table{{"sigma_8bit", "psnr_in_db"}, {}};
  for (const Contender& c : contenders) table.columns.push_back(c.column);
  Chart chart = chart_of(contenders);
  for (const double sigma_8bit : study.sigmas_8bit) {
    std::vector<RecordTable::Field> row{sigma_8bit};
    std::string line = "σ " + number_text(sigma_8bit) + ':';
    for (std::size_t i = 0; i < contenders.size(); ++i) {
      const MeanPsnr psnr = white_noise_psnr(run, contenders[i].denoiser, pictures, {sigma_8bit, sigma_8bit});
      if (i == 0) {
        row.emplace_back(psnr.noisy_db);
        line += " in " + db_text(psnr.noisy_db);
        chart.panel.series.back().points.push_back({psnr.noisy_db, psnr.noisy_db});
      }
      row.emplace_back(psnr.denoised_db);
      line += ", " + contenders[i].label + ' ' + db_text(psnr.denoised_db);
      chart.panel.series[i].points.push_back({psnr.noisy_db, psnr.denoised_db});
    }
    table.rows.push_back(std::move(row));
    run.say(line);
  }
  chart.panel.series.push_back(range_end(chart, study.trained_up_to_8bit));
  run.write("bias-free", table);
  run.write("bias-free", chart);
}

}  // namespace rdenoise::training

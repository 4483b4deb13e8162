// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assumed_sigma.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <rdenoise/chart.hpp>
#include <rdenoise/csv.hpp>
#include <utility>

#include "noise_charts.hpp"

namespace rdn {
namespace {

/// 25 as "25", 7.5 as "7.5".
std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

rdenoise::Chart curve_chart(const AssumedSigmaCurve& curve) {
  rdenoise::Chart chart;
  chart.title = curve.model + " told a wrong σ: noise of σ " + short_text(curve.true_sigma_8bit) + ", mean of " +
                std::to_string(curve.images) + (curve.images == 1 ? " picture" : " pictures");
  chart.x_axis.label = "σ that the model is told (8-bit steps)";
  chart.panel.y_axis.label = "PSNR (dB)";
  rdenoise::ChartSeries denoised;
  denoised.name = "denoised";
  denoised.markers = true;
  double least_psnr_db = std::min(curve.noisy_psnr_db, curve.true_psnr_db);
  double most_psnr_db = std::max(curve.noisy_psnr_db, curve.true_psnr_db);
  double last_sigma_8bit = curve.true_sigma_8bit;
  double first_sigma_8bit = curve.true_sigma_8bit;
  for (const AssumedSigmaCurve::Point& point : curve.points) {
    denoised.points.push_back({point.sigma_8bit, point.psnr_db});
    least_psnr_db = std::min(least_psnr_db, point.psnr_db);
    most_psnr_db = std::max(most_psnr_db, point.psnr_db);
    first_sigma_8bit = std::min(first_sigma_8bit, point.sigma_8bit);
    last_sigma_8bit = std::max(last_sigma_8bit, point.sigma_8bit);
  }
  rdenoise::ChartSeries truth;
  truth.name = "true σ";
  truth.dashed = true;
  truth.points = {{curve.true_sigma_8bit, least_psnr_db}, {curve.true_sigma_8bit, most_psnr_db}};
  rdenoise::ChartSeries noisy;
  noisy.name = "noisy";
  noisy.dashed = true;
  noisy.points = {{first_sigma_8bit, curve.noisy_psnr_db}, {last_sigma_8bit, curve.noisy_psnr_db}};
  chart.panel.series = {std::move(denoised), std::move(truth), std::move(noisy)};
  return chart;
}

rdenoise::FigureTable curve_table(const AssumedSigmaCurve& curve) {
  rdenoise::FigureTable table;
  table.columns = {"sigma_8bit", "assumed_sigma_8bit", "psnr_db", "psnr_change_db", "psnr_noisy_db"};
  for (const auto& [sigma_8bit, psnr_db] : curve.points) {
    table.rows.push_back(
        {curve.true_sigma_8bit, sigma_8bit, psnr_db, psnr_db - curve.true_psnr_db, curve.noisy_psnr_db});
  }
  return table;
}

}  // namespace

void add_assumed_sigma_options(CLI::App& command, AssumedSigmaArguments& arguments, CLI::Option* sigma) {
  CLI::Option* assumed = command
                             .add_option("--assume-sigma", arguments.sigmas_8bit,
                                         "Also tell the model each of these wrong levels: S1,S2,... in 8-bit steps")
                             ->delimiter(',')
                             ->check(CLI::NonNegativeNumber)
                             ->needs(sigma);
  command.add_option("--csv", arguments.csv, "Write PSNR against the assumed sigma as a table")->needs(assumed);
  command.add_option("--plot", arguments.plot, "Draw it as a chart (.svg)")->needs(assumed);
}

void write_curve(const AssumedSigmaArguments& arguments, const AssumedSigmaCurve& curve) {
  if (!arguments.csv.empty()) rdenoise::write_csv(arguments.csv, curve_table(curve));
  if (!arguments.plot.empty()) rdenoise::write_svg(arguments.plot, curve_chart(curve));
}

void print_curve(const AssumedSigmaCurve& curve) {
  for (const auto& [sigma_8bit, psnr_db] : curve.points) {
    std::printf("assumed sigma %6.2f: psnr %.3f dB (%+.3f dB)\n", sigma_8bit, psnr_db, psnr_db - curve.true_psnr_db);
  }
}

Json to_json(const AssumedSigmaCurve& curve) {
  Json points = Json::array();
  for (const auto& [sigma_8bit, psnr_db] : curve.points) {
    points.push_back({{"sigma_8bit", sigma_8bit}, {"psnr", psnr_db}, {"psnr_change", psnr_db - curve.true_psnr_db}});
  }
  return points;
}

}  // namespace rdn

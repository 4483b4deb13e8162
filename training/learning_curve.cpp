// SPDX-License-Identifier: LGPL-2.1-or-later
#include "learning_curve.hpp"

#include <algorithm>
#include <numeric>
#include <rdenoise/chart.hpp>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>
#include <utility>

namespace rdenoise::training {
namespace {

constexpr std::size_t row_length = 4 + validation_sigmas_8bit.size();

std::vector<double> to_row(const CurvePoint& point) {
  std::vector<double> row{static_cast<double>(point.step), point.seconds_trained, point.learning_rate, point.loss};
  row.insert(row.end(), point.psnr_db.begin(), point.psnr_db.end());
  return row;
}

std::string sigma_text(double sigma_8bit) { return std::to_string(static_cast<int>(sigma_8bit)); }

FigureTable table(const std::vector<CurvePoint>& points) {
  FigureTable table{.columns = {"step", "seconds", "learning_rate", "loss"}, .rows = {}};
  for (const double sigma : validation_sigmas_8bit) table.columns.push_back("psnr_" + sigma_text(sigma));
  for (const CurvePoint& point : points) table.rows.push_back(to_row(point));
  return table;
}

Chart chart(const std::vector<CurvePoint>& points, const std::string& name) {
  Chart chart;
  chart.title = name + ": learning curve";
  chart.x_axis.label = "step";
  chart.panel.y_axis.label = "PSNR of held-out pictures in dB";
  for (std::size_t i = 0; i < validation_sigmas_8bit.size(); ++i) {
    ChartSeries series{
        .name = "σ " + sigma_text(validation_sigmas_8bit[i]), .points = {}, .markers = points.size() < 40};
    for (const CurvePoint& point : points) series.points.push_back({static_cast<double>(point.step), point.psnr_db[i]});
    chart.panel.series.push_back(std::move(series));
  }
  ChartPanel lower;
  lower.y_axis.label = "loss";
  lower.y_axis.scale = AxisScale::logarithmic;
  ChartSeries& loss = lower.series.emplace_back();
  for (const CurvePoint& point : points) loss.points.push_back({static_cast<double>(point.step), point.loss});
  chart.lower_panel = std::move(lower);
  return chart;
}

}  // namespace

double mean_psnr_db(const CurvePoint& point) {
  return std::accumulate(point.psnr_db.begin(), point.psnr_db.end(), 0.0) / static_cast<double>(point.psnr_db.size());
}

void LearningCurve::write(const std::filesystem::path& folder, const std::string& name) const {
  write_csv(folder / (name + "-curve.csv"), table(points_));
  write_svg(folder / (name + "-curve.svg"), chart(points_, name));
}

std::vector<double> LearningCurve::to_rows() const {
  std::vector<double> rows;
  for (const CurvePoint& point : points_) {
    const std::vector<double> row = to_row(point);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

LearningCurve LearningCurve::from_rows(const std::vector<double>& rows) {
  if (rows.size() % row_length != 0)
    throw Error(ErrorCode::corrupt, "reading a learning curve: expected rows of " + std::to_string(row_length) +
                                        " figures, found " + std::to_string(rows.size()) + " figures");
  LearningCurve curve;
  for (std::size_t at = 0; at < rows.size(); at += row_length) {
    CurvePoint point{.step = static_cast<std::int64_t>(rows[at]),
                     .seconds_trained = rows[at + 1],
                     .learning_rate = rows[at + 2],
                     .loss = rows[at + 3]};
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(at) + 4, point.psnr_db.size(), point.psnr_db.begin());
    curve.add(point);
  }
  return curve;
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "learning_curve.hpp"

#include <rdenoise/chart.hpp>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>
#include <utility>

namespace rdenoise::training {
namespace {

constexpr std::size_t figures_before_levels = 4;

std::vector<double> to_row(const CurvePoint& point) {
  std::vector<double> row{static_cast<double>(point.step), point.seconds_trained, point.learning_rate, point.loss};
  for (const LevelFigure& level : point.levels) row.push_back(level.value);
  return row;
}

FigureTable table(const std::vector<CurvePoint>& points, const std::vector<std::string>& labels,
                  ValidationFigure figure) {
  FigureTable table{.columns = {"step", "seconds", "learning_rate", "loss"}, .rows = {}};
  for (const std::string& label : labels)
    table.columns.push_back(std::string(words_of(figure).column) + "_" + plain_label(label));
  for (const CurvePoint& point : points) table.rows.push_back(to_row(point));
  return table;
}

Chart chart(const std::vector<CurvePoint>& points, const std::vector<std::string>& labels, ValidationFigure figure,
            const std::string& name) {
  Chart chart;
  chart.title = name + ": learning curve";
  chart.x_axis.label = "step";
  chart.panel.y_axis.label = words_of(figure).axis;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ChartSeries& series = chart.panel.series.emplace_back();
    series.name = labels[i];
    series.markers = points.size() < 40;
    for (const CurvePoint& point : points)
      series.points.push_back({static_cast<double>(point.step), point.levels[i].value});
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

double mean_figure(const CurvePoint& point) {
  double sum = 0.0;
  for (const LevelFigure& level : point.levels) sum += level.value;
  return sum / static_cast<double>(point.levels.size());
}

const FigureWords& words_of(ValidationFigure figure) noexcept {
  static constexpr FigureWords psnr{"PSNR", "dB", "psnr", "psnr_db", "PSNR of held-out pictures in dB", 2};
  static constexpr FigureWords right{
      "right", "%", "right_percent", "right_percent", "held-out pictures told right in %", 1};
  return figure == ValidationFigure::psnr_db ? psnr : right;
}

std::string plain_label(const std::string& label) {
  static const std::string sigma = "σ";
  return label.starts_with(sigma) ? label.substr(sigma.size()) : label;
}

std::vector<std::string> LearningCurve::labels() const {
  std::vector<std::string> labels;
  if (!points_.empty())
    for (const LevelFigure& level : points_.front().levels) labels.push_back(level.label);
  return labels;
}

void LearningCurve::write(const std::filesystem::path& folder, const std::string& name) const {
  write_csv(folder / (name + "-curve.csv"), table(points_, labels(), figure()));
  write_svg(folder / (name + "-curve.svg"), chart(points_, labels(), figure(), name));
}

std::vector<double> LearningCurve::to_rows() const {
  std::vector<double> rows;
  for (const CurvePoint& point : points_) {
    const std::vector<double> row = to_row(point);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

ValidationFigure LearningCurve::figure() const noexcept {
  return points_.empty() ? ValidationFigure::psnr_db : points_.front().figure;
}

LearningCurve LearningCurve::from_rows(const std::vector<std::string>& labels, const std::vector<double>& rows,
                                       ValidationFigure figure) {
  const std::size_t row_length = figures_before_levels + labels.size();
  if (rows.size() % row_length != 0)
    throw Error(ErrorCode::corrupt, "reading a learning curve: expected rows of " + std::to_string(row_length) +
                                        " figures, found " + std::to_string(rows.size()) + " figures");
  LearningCurve curve;
  for (std::size_t at = 0; at < rows.size(); at += row_length) {
    CurvePoint point;
    point.figure = figure;
    point.step = static_cast<std::int64_t>(rows[at]);
    point.seconds_trained = rows[at + 1];
    point.learning_rate = rows[at + 2];
    point.loss = rows[at + 3];
    for (std::size_t i = 0; i < labels.size(); ++i)
      point.levels.push_back({labels[i], rows[at + figures_before_levels + i]});
    curve.add(point);
  }
  return curve;
}

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "command.hpp"
#include "profile_output.hpp"

namespace rdn {
namespace {

using rdenoise::Chart;
using rdenoise::ChartPoint;
using rdenoise::ChartSeries;
using rdenoise::ColorModel;

constexpr int curve_steps = 128;

std::string channel_color(ColorModel model, int channel) {
  constexpr const char* rgb[] = {"#d62728", "#2ca02c", "#1f4fb4"};
  constexpr const char* yuv[] = {"#333333", "#1f4fb4", "#d62728"};
  return (model == ColorModel::rgb || model == ColorModel::bayer ? rgb : yuv)[channel];
}

double shown(double variance, NoiseQuantity quantity) {
  return quantity == NoiseQuantity::variance ? variance : 255.0 * std::sqrt(variance);
}

std::vector<ChartPoint> curve_points(const rdenoise::NoiseModel& model, NoiseQuantity quantity) {
  std::vector<ChartPoint> points;
  for (int i = 0; i <= curve_steps; ++i) {
    const double signal = static_cast<double>(i) / curve_steps;
    points.push_back({signal, shown(model.variance(signal), quantity)});
  }
  return points;
}

std::string source_color(std::size_t index) {
  constexpr std::array colors{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};
  return colors[index % colors.size()];
}

/// Long file names keep their beginning and, where they mostly differ, their end. (A character that is cut through
/// becomes a question mark in the chart.)
std::string shortened(const std::string& name) {
  constexpr std::size_t most_bytes = 32;
  if (name.size() <= most_bytes) return name;
  return name.substr(0, most_bytes / 2) + "…" + name.substr(name.size() - most_bytes / 2);
}

std::string line_text(const char* channel, const rdenoise::NoiseModel& model) {
  char text[96];
  std::snprintf(text, sizeof text, "%s: %.3g·x + %.3g", channel, model.a, model.b);
  return text;
}

}  // namespace

Chart profile_chart(const std::vector<NoiseCurves>& sources, NoiseQuantity quantity) {
  Chart chart;
  chart.title = "Noise";
  chart.width_px = 1100;
  chart.x_axis.label = "signal (0 black, 1 white)";
  chart.panel.y_axis.label = quantity == NoiseQuantity::sigma ? "σ (8-bit steps)" : "variance (signal²)";
  chart.panel.y_axis.least = 0.0;
  const auto is_curve = [](const NoiseCurves& source) { return source.points.empty(); };
  const bool has_channel_colors = std::ranges::count_if(sources, is_curve) <= 2;
  std::size_t curve_index = 0;
  for (const NoiseCurves& source : sources) {
    for (int c = 0; c < rdenoise::profile_channel_count(source.color_model); ++c) {
      const auto channel = static_cast<std::size_t>(c);
      ChartSeries series;
      series.color = channel_color(source.color_model, c);
      series.name = shortened(source.name) + " " + channel_name(source.color_model, c);
      if (is_curve(source)) {
        series.points = curve_points(source.profile.channels[channel], quantity);
        series.dashed = has_channel_colors && curve_index > 0;
        if (!has_channel_colors) {
          series.color = source_color(curve_index);
          series.name = c == 0 ? shortened(source.name) : "";
        }
      } else {
        for (const ChartPoint& point : source.points[channel]) {
          series.points.push_back({point.x, shown(point.y, quantity)});
        }
        series.line = false;
        series.markers = true;
      }
      chart.panel.series.push_back(std::move(series));
    }
    if (is_curve(source)) ++curve_index;
  }
  return chart;
}

Chart calibration_chart(const rdenoise::NoiseCalibration& calibration, const std::string& title) {
  constexpr std::size_t groups = 80;
  Chart chart;
  chart.title = title;
  chart.width_px = 1000;
  chart.height_px = 700;
  chart.x_axis.label = "mean signal (0 black, 1 white)";
  chart.panel.y_axis.label = "variance (signal²)";
  chart.lower_panel.emplace();
  chart.lower_panel->y_axis.label = "residual (%)";
  for (int c = 0; c < calibration.profile.channel_count; ++c) {
    const rdenoise::PhotonTransferCurve& curve = calibration.curves[static_cast<std::size_t>(c)];
    ChartSeries measured;
    measured.line = false;
    measured.markers = true;
    measured.color = channel_color(calibration.color_model, c);
    ChartSeries residuals = measured;
    double last = 0.0;
    for (const auto& point : rdenoise::grouped_by_level(curve.points, groups)) {
      measured.points.push_back({point.mean, point.variance});
      residuals.points.push_back({point.mean, 100.0 * (point.variance / curve.model.variance(point.mean) - 1.0)});
      last = std::max(last, point.mean);
    }
    ChartSeries line;
    line.name = line_text(channel_name(calibration.color_model, c), curve.model);
    line.color = measured.color;
    line.points = {{0.0, curve.model.variance(0.0)}, {last, curve.model.variance(last)}};
    chart.panel.series.push_back(std::move(measured));
    chart.panel.series.push_back(std::move(line));
    chart.lower_panel->series.push_back(std::move(residuals));
  }
  return chart;
}

void expect_svg_name(const std::string& path) {
  if (!path.ends_with(".svg")) throw UsageError(path + ": expected a name that ends in .svg, which is what is drawn");
}

}  // namespace rdn

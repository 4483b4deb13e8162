// SPDX-License-Identifier: LGPL-2.1-or-later
#include "roofline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace rdn {
namespace {

using rdenoise::AxisScale;
using rdenoise::Chart;
using rdenoise::ChartPoint;
using rdenoise::ChartSeries;

constexpr double least_intensity = 0.5;

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

/// From where memory feeds it to the right edge.
ChartSeries arithmetic_roof(const PeakRate& peak, double fastest_gb_per_s, double most_intensity) {
  const double knee = std::max(least_intensity, peak.gflops / fastest_gb_per_s);
  return {.name = std::string(to_string(peak.precision)) + " " + peak.instructions + ", " + rounded(peak.gflops) +
                  " GFLOP/s",
          .points = {{knee, peak.gflops}, {std::max(most_intensity, 2.0 * knee), peak.gflops}}};
}

ChartSeries memory_roof(const std::string& name, double gb_per_s, double highest_gflops) {
  return {.name = name + ", " + rounded(gb_per_s) + " GB/s",
          .points = {{least_intensity, gb_per_s * least_intensity}, {highest_gflops / gb_per_s, highest_gflops}},
          .dashed = true};
}

ChartSeries points_series(const std::string& name, std::vector<ChartPoint> points, const std::string& color) {
  return {.name = name, .points = std::move(points), .line = false, .markers = true, .color = color};
}

}  // namespace

Chart roofline_chart(const std::string& title, const StageSplit& split, const std::vector<PeakRate>& peaks,
                     const Bandwidth& bandwidth) {
  double most_intensity = 100.0;
  double least_gflops = split.whole.gflops;
  std::map<std::string, std::vector<ChartPoint>> by_kind;
  for (const StageShare& stage : split.stages) {
    if (!(stage.gflops > 0.0) || !(stage.flop_per_byte > 0.0)) continue;
    by_kind[stage.kind].push_back({stage.flop_per_byte, stage.gflops});
    most_intensity = std::max(most_intensity, stage.flop_per_byte);
    least_gflops = std::min(least_gflops, stage.gflops);
  }
  double highest = 0.0;
  for (const PeakRate& peak : peaks) highest = std::max(highest, peak.gflops);

  Chart chart;
  chart.title = title;
  chart.width_px = 1100;
  chart.x_axis = {"arithmetic intensity (FLOP/byte)", AxisScale::logarithmic, least_intensity, 3.0 * most_intensity};
  chart.panel.y_axis = {"speed, all threads (GFLOP/s)", AxisScale::logarithmic, std::max(0.1, 0.5 * least_gflops),
                        2.0 * std::max(highest, split.whole.gflops)};
  std::vector<ChartSeries>& series = chart.panel.series;
  const double fastest = std::max(bandwidth.second_level_cache_gb_per_s, bandwidth.memory_gb_per_s);
  for (const PeakRate& peak : peaks) series.push_back(arithmetic_roof(peak, fastest, 3.0 * most_intensity));
  series.push_back(memory_roof("second-level cache", bandwidth.second_level_cache_gb_per_s, highest));
  series.push_back(memory_roof("memory", bandwidth.memory_gb_per_s, highest));
  const std::vector<std::string> colors{"#333333", "#8a4fbf", "#a0522d"};
  std::size_t index = 0;
  for (auto& [kind, points] : by_kind)
    series.push_back(points_series(kind, std::move(points), colors[index++ % colors.size()]));
  series.push_back(points_series("whole network", {{split.whole.flop_per_byte, split.whole.gflops}}, "#e6007e"));
  return chart;
}

}  // namespace rdn

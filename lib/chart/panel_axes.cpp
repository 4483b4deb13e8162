// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/panel_axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>

namespace rdenoise {
namespace {

bool drawable(double value, AxisScale scale) noexcept {
  return std::isfinite(value) && (scale == AxisScale::linear || value > 0.0);
}

void check_limit(const ChartAxis& axis, const std::optional<double>& limit) {
  if (!limit || drawable(*limit, axis.scale)) return;
  throw Error(ErrorCode::invalid_argument,
              "drawing a chart: expected limits of the axis \"" + axis.label + "\" that are finite" +
                  (axis.scale == AxisScale::logarithmic ? " and above 0" : "") + ", found " + std::to_string(*limit));
}

/// A range of some width around values that may all be the same.
AxisRange widened(AxisRange range, AxisScale scale) {
  constexpr double margin = 0.05;
  if (scale == AxisScale::logarithmic) {
    const double factor = range.most > range.least ? std::pow(range.most / range.least, margin) : 2.0;
    return {range.least / factor, range.most * factor};
  }
  double space = margin * (range.most - range.least);
  if (!(space > 0.0)) space = range.least != 0.0 ? 0.5 * std::abs(range.least) : 0.5;
  return {range.least - space, range.most + space};
}

}  // namespace

bool PlacedAxis::can_show(double value) const noexcept { return drawable(value, scale); }

double PlacedAxis::place_px(double value) const noexcept {
  const bool is_log = scale == AxisScale::logarithmic;
  const auto measure = [&](double v) { return is_log ? std::log(v) : v; };
  const double share = (measure(value) - measure(range.least)) / (measure(range.most) - measure(range.least));
  return from_px + share * (to_px - from_px);
}

AxisRange axis_range(const ChartAxis& axis, const std::vector<const ChartPanel*>& panels, PointCoordinate coordinate,
                     AxisScale x_scale) {
  check_limit(axis, axis.least);
  check_limit(axis, axis.most);
  AxisRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const ChartPanel* panel : panels) {
    for (const ChartSeries& series : panel->series) {
      for (const ChartPoint& point : series.points) {
        if (!drawable(point.x, x_scale) || !drawable(point.y, panel->y_axis.scale)) continue;
        const double value = coordinate == PointCoordinate::x ? point.x : point.y;
        range.least = std::min(range.least, value);
        range.most = std::max(range.most, value);
      }
    }
  }
  const bool is_log = axis.scale == AxisScale::logarithmic;
  range = range.least <= range.most ? widened(range, axis.scale) : AxisRange{is_log ? 0.1 : 0.0, 1.0};
  if (axis.least) range.least = *axis.least;
  if (axis.most) range.most = *axis.most;
  // Points that all lie on the wrong side of the one limit that was asked for.
  if (axis.least && !axis.most && range.most <= range.least) {
    range.most = is_log ? range.least * 10.0 : range.least + 1.0;
  }
  if (axis.most && !axis.least && range.least >= range.most) {
    range.least = is_log ? range.most / 10.0 : range.most - 1.0;
  }
  if (!(range.least < range.most) || !std::isfinite(range.most - range.least)) {
    throw Error(ErrorCode::invalid_argument, "drawing a chart: expected limits of the axis \"" + axis.label +
                                                 "\" in rising order, found " + std::to_string(range.least) + " and " +
                                                 std::to_string(range.most));
  }
  return range;
}

}  // namespace rdenoise

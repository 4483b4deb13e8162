// SPDX-License-Identifier: LGPL-2.1-or-later
// From values to places on the paper.
#pragma once

#include <rdenoise/chart.hpp>
#include <vector>

#include "chart/axis_ticks.hpp"

namespace rdenoise {

/// One axis laid over a stretch of pixels; from_px belongs to range.least (for y it is the greater one).
struct PlacedAxis {
  AxisRange range;
  AxisScale scale = AxisScale::linear;
  double from_px = 0.0;
  double to_px = 1.0;

  [[nodiscard]] double place_px(double value) const noexcept;
  /// True if a value has a place at all: finite, and above 0 on a logarithmic axis.
  [[nodiscard]] bool can_show(double value) const noexcept;
};

enum class PointCoordinate { x, y };

/// The range that an axis needs for the drawable points of the panels' series, with a margin; what the axis asks for
/// goes before. Without any point: 0 … 1, logarithmic 0.1 … 1.
///
/// x_scale  points that cannot be shown on one axis count for neither
/// throws  Error{invalid_argument} for limits that make no sense
[[nodiscard]] AxisRange axis_range(const ChartAxis& axis, const std::vector<const ChartPanel*>& panels,
                                   PointCoordinate coordinate, AxisScale x_scale);

}  // namespace rdenoise

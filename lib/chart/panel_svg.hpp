// SPDX-License-Identifier: LGPL-2.1-or-later
// One panel of a chart as SVG: frame, grid, labels, series.
#pragma once

#include <string>

#include "chart/panel_axes.hpp"

namespace rdenoise {

inline constexpr double font_size_px = 13.0;
/// Mean width of a character of a sans-serif face, as a share of its size: an estimate, SVG has no measure.
inline constexpr double character_width = 0.58;

struct PlacedPanel {
  const ChartPanel* panel = nullptr;
  PlacedAxis x;
  PlacedAxis y;
  AxisTicks x_ticks;
  AxisTicks y_ticks;
  bool has_x_labels = true;
  std::string x_label;
  double tick_label_px = 0.0;  ///< room for the y ticks' labels, the same for all panels of a page
  int first_color = 0;         ///< of the palette, for series that name none
};

/// The color of a series, its own or that of the palette.
[[nodiscard]] std::string series_color(const ChartSeries& series, int palette_index);

/// A short piece of a series' line and marker around a point, for the legend.
[[nodiscard]] std::string series_sample_svg(const ChartSeries& series, const std::string& color, double x_px,
                                            double y_px);

/// `clip_id` names the panel's clip path and must differ between panels of one file.
[[nodiscard]] std::string panel_svg(const PlacedPanel& placed, const std::string& clip_id);

/// Width in pixels of the y labels that stand left of the panel.
[[nodiscard]] double tick_label_width_px(const AxisTicks& ticks);

}  // namespace rdenoise

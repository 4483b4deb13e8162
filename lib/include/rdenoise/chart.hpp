// SPDX-License-Identifier: LGPL-2.1-or-later
// Charts of x against y as SVG files: noise curves, training curves, comparisons.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rdenoise {

enum class AxisScale { linear, logarithmic };

struct ChartAxis {
  std::string label;  ///< with the unit
  AxisScale scale = AxisScale::linear;
  std::optional<double> least;  ///< without: as the points need it
  std::optional<double> most;
};

/// On a logarithmic axis only what lies above 0 can be drawn.
struct ChartPoint {
  double x = 0.0;
  double y = 0.0;
};

struct ChartSeries {
  std::string name;                ///< in the legend; empty: not in it
  std::vector<ChartPoint> points;  ///< one that is not finite is left out and breaks the line
  bool line = true;
  bool markers = false;
  bool dashed = false;
  std::string color;  ///< as SVG has it (#rrggbb or a name); empty: the next of a palette for the colour-blind
};

/// A field with its own y axis.
struct ChartPanel {
  ChartAxis y_axis;
  std::vector<ChartSeries> series;
};

struct Chart {
  std::string title;
  ChartAxis x_axis;
  ChartPanel panel;
  std::optional<ChartPanel> lower_panel;  ///< shares the x axis; for residuals
  int width_px = 900;
  int height_px = 600;
};

/// The chart as an SVG 1.1 document. Texts are UTF-8, escaped where XML needs it; what is no text in XML (control
/// characters, broken UTF-8) becomes a question mark. A chart without points has its axes only.
/// throws  Error{invalid_argument} for a size below 200×150 pixels or above 10000, or limits of an axis that are not
///         finite, not in order or not above 0 on a logarithmic one
[[nodiscard]] std::string to_svg(const Chart& chart);

/// Writes to_svg() to a file, atomically.
/// throws  as to_svg; Error{io}
void write_svg(const std::filesystem::path& path, const Chart& chart);

}  // namespace rdenoise

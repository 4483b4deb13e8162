// SPDX-License-Identifier: LGPL-2.1-or-later
// The page: title, one or two panels above each other, legend on the right.
#include <algorithm>
#include <rdenoise/chart.hpp>
#include <rdenoise/error.hpp>

#include "chart/panel_svg.hpp"
#include "chart/svg_file.hpp"
#include "chart/svg_text.hpp"

namespace rdenoise {
namespace {

constexpr double margin_px = 16.0;
constexpr double title_size_px = 16.0;
constexpr double legend_row_px = 20.0;
constexpr double legend_sample_px = 34.0;
constexpr double x_labels_px = 54.0;

struct LegendEntry {
  const ChartSeries* series;
  std::string color;
};

std::vector<LegendEntry> legend_entries(const ChartPanel& panel, int first_color) {
  std::vector<LegendEntry> entries;
  int palette_index = first_color;
  for (const ChartSeries& series : panel.series) {
    if (!series.name.empty()) entries.push_back({&series, series_color(series, palette_index)});
    if (series.color.empty()) ++palette_index;
  }
  return entries;
}

int palette_colors_used(const ChartPanel& panel) {
  return static_cast<int>(std::ranges::count_if(panel.series, [](const ChartSeries& s) { return s.color.empty(); }));
}

double legend_width_px(const std::vector<LegendEntry>& entries) {
  int longest = 0;
  for (const LegendEntry& entry : entries) longest = std::max(longest, character_count(entry.series->name));
  return entries.empty() ? 0.0 : legend_sample_px + longest * character_width * font_size_px + margin_px;
}

std::string legend_svg(const std::vector<LegendEntry>& entries, double x_px, double y_px) {
  std::string svg;
  for (const LegendEntry& entry : entries) {
    svg += series_sample_svg(*entry.series, entry.color, x_px + 0.5 * legend_sample_px, y_px + 0.5 * legend_row_px);
    svg += "<text x=\"" + pixels(x_px + legend_sample_px) + "\" y=\"" + pixels(y_px + 0.73 * legend_row_px) +
           "\" fill=\"#333333\">" + xml_escaped(entry.series->name) + "</text>\n";
    y_px += legend_row_px;
  }
  return svg;
}

void check_size(const Chart& chart) {
  constexpr int least_width_px = 200;
  constexpr int least_height_px = 150;
  constexpr int most_px = 10000;
  if (chart.width_px >= least_width_px && chart.height_px >= least_height_px && chart.width_px <= most_px &&
      chart.height_px <= most_px) {
    return;
  }
  throw Error(ErrorCode::invalid_argument, "drawing a chart: expected a size between 200x150 and 10000x10000, found " +
                                               std::to_string(chart.width_px) + "x" + std::to_string(chart.height_px));
}

/// A panel on its stretch of the page's height; the horizontal extent is set when all y labels are known.
PlacedPanel placed_vertically(const ChartPanel& panel, AxisScale x_scale, double top_px, double bottom_px) {
  PlacedPanel placed;
  placed.panel = &panel;
  const AxisRange range = axis_range(panel.y_axis, {&panel}, PointCoordinate::y, x_scale);
  placed.y = {range, panel.y_axis.scale, bottom_px, top_px};
  constexpr double px_per_tick = 45.0;
  placed.y_ticks =
      choose_ticks(range, panel.y_axis.scale, std::max(3, static_cast<int>((bottom_px - top_px) / px_per_tick)));
  return placed;
}

}  // namespace

std::string to_svg(const Chart& chart) {
  check_size(chart);
  const double top_px = margin_px + (chart.title.empty() ? 0.0 : 1.8 * title_size_px);
  const double bottom_px = chart.height_px - x_labels_px;
  std::vector<PlacedPanel> panels;
  std::vector<const ChartPanel*> all_panels{&chart.panel};
  if (chart.lower_panel) {
    constexpr double upper_share = 0.68;
    constexpr double gap_px = 22.0;
    const double middle_px = top_px + upper_share * (bottom_px - top_px);
    all_panels.push_back(&*chart.lower_panel);
    panels.push_back(placed_vertically(chart.panel, chart.x_axis.scale, top_px, middle_px - 0.5 * gap_px));
    panels.push_back(placed_vertically(*chart.lower_panel, chart.x_axis.scale, middle_px + 0.5 * gap_px, bottom_px));
    panels[0].has_x_labels = false;
    panels[1].first_color = palette_colors_used(chart.panel);
  } else {
    panels.push_back(placed_vertically(chart.panel, chart.x_axis.scale, top_px, bottom_px));
  }

  std::vector<LegendEntry> legend;
  double label_width_px = 0.0;
  for (const PlacedPanel& panel : panels) {
    const auto entries = legend_entries(*panel.panel, panel.first_color);
    legend.insert(legend.end(), entries.begin(), entries.end());
    label_width_px = std::max(label_width_px, tick_label_width_px(panel.y_ticks));
  }
  const double left_px = margin_px + 2.2 * font_size_px + label_width_px;
  // However long the names are, the panel keeps a third of the page.
  const double right_px =
      std::max(chart.width_px - margin_px - legend_width_px(legend), left_px + chart.width_px / 3.0);
  const AxisRange x_range = axis_range(chart.x_axis, all_panels, PointCoordinate::x, chart.x_axis.scale);
  constexpr double px_per_tick = 90.0;
  const AxisTicks x_ticks =
      choose_ticks(x_range, chart.x_axis.scale, std::max(2, static_cast<int>((right_px - left_px) / px_per_tick)));

  const std::string width = std::to_string(chart.width_px);
  const std::string height = std::to_string(chart.height_px);
  std::string svg =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"";
  svg += " width=\"" + width + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height +
         "\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"" + pixels(font_size_px) + "\">\n";
  svg += "<rect width=\"" + width + "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n";
  if (!chart.title.empty()) {
    svg += "<text x=\"" + pixels(left_px) + "\" y=\"" + pixels(margin_px + title_size_px) + "\" font-size=\"" +
           pixels(title_size_px) + "\" font-weight=\"bold\" fill=\"#111111\">" + xml_escaped(chart.title) + "</text>\n";
  }
  for (std::size_t i = 0; i < panels.size(); ++i) {
    panels[i].x = {x_range, chart.x_axis.scale, left_px, right_px};
    panels[i].x_ticks = x_ticks;
    panels[i].x_label = chart.x_axis.label;
    panels[i].tick_label_px = label_width_px;
    svg += panel_svg(panels[i], "panel" + std::to_string(i));
  }
  svg += legend_svg(legend, right_px + margin_px, top_px);
  return svg + "</svg>\n";
}

void write_svg(const std::filesystem::path& path, const Chart& chart) { write_svg_text(path, to_svg(chart)); }

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/panel_svg.hpp"

#include <algorithm>
#include <array>

#include "chart/svg_text.hpp"

namespace rdenoise {
namespace {

constexpr double line_height_px = 1.3 * font_size_px;
constexpr double tick_length_px = 5.0;

/// Okabe and Ito, "Color universal design", 2008: eight colors that the colour-blind tell apart; yellow left out,
/// because it is lost on white.
constexpr std::array palette{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

std::string attribute(const char* name, double value) { return std::string(" ") + name + "=\"" + pixels(value) + "\""; }

std::string line_svg(double x1, double y1, double x2, double y2) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) + "/>\n";
}

std::string text_svg(double x, double y, const std::string& text, const std::string& further) {
  return "<text" + attribute("x", x) + attribute("y", y) + further + ">" + xml_escaped(text) + "</text>\n";
}

std::string marker_svg(double x, double y) {
  return "<circle" + attribute("cx", x) + attribute("cy", y) + " r=\"2.5\"/>\n";
}

std::string grid_svg(const PlacedPanel& p) {
  std::string svg = "<g stroke=\"#dddddd\" stroke-width=\"1\">\n";
  for (const AxisTick& tick : p.x_ticks.ticks) {
    const double x = p.x.place_px(tick.value);
    svg += line_svg(x, p.y.from_px, x, p.y.to_px);
  }
  for (const AxisTick& tick : p.y_ticks.ticks) {
    const double y = p.y.place_px(tick.value);
    svg += line_svg(p.x.from_px, y, p.x.to_px, y);
  }
  return svg + "</g>\n";
}

std::string frame_svg(const PlacedPanel& p) {
  std::string svg = "<g stroke=\"#333333\" stroke-width=\"1\" fill=\"none\">\n<rect" + attribute("x", p.x.from_px) +
                    attribute("y", p.y.to_px) + attribute("width", p.x.to_px - p.x.from_px) +
                    attribute("height", p.y.from_px - p.y.to_px) + "/>\n";
  for (const AxisTick& tick : p.x_ticks.ticks) {
    const double x = p.x.place_px(tick.value);
    svg += line_svg(x, p.y.from_px, x, p.y.from_px + tick_length_px);
  }
  for (const AxisTick& tick : p.y_ticks.ticks) {
    const double y = p.y.place_px(tick.value);
    svg += line_svg(p.x.from_px - tick_length_px, y, p.x.from_px, y);
  }
  return svg + "</g>\n";
}

/// "variance (signal², ×10⁻⁵)": the power of ten beside the unit.
std::string with_exponent(std::string label, int exponent) {
  if (exponent == 0) return label;
  const bool has_unit = label.ends_with(')');
  if (has_unit) label.pop_back();
  return label + (has_unit ? ", ×" : " (×") + power_of_ten(exponent) + ")";
}

std::string labels_svg(const PlacedPanel& p) {
  std::string svg = "<g fill=\"#333333\" stroke=\"none\">\n";
  if (p.has_x_labels) {
    const double y = p.y.from_px + tick_length_px + line_height_px;
    for (const AxisTick& tick : p.x_ticks.ticks) {
      svg += text_svg(p.x.place_px(tick.value), y, tick.label, " text-anchor=\"middle\"");
    }
    svg += text_svg(0.5 * (p.x.from_px + p.x.to_px), y + 1.4 * line_height_px,
                    with_exponent(p.x_label, p.x_ticks.exponent), " text-anchor=\"middle\"");
  }
  constexpr double half_digit_px = 0.35 * font_size_px;
  for (const AxisTick& tick : p.y_ticks.ticks) {
    svg += text_svg(p.x.from_px - tick_length_px - 4.0, p.y.place_px(tick.value) + half_digit_px, tick.label,
                    " text-anchor=\"end\"");
  }
  const double x = p.x.from_px - tick_length_px - p.tick_label_px - line_height_px;
  const double y = 0.5 * (p.y.from_px + p.y.to_px);
  svg += text_svg(x, y, with_exponent(p.panel->y_axis.label, p.y_ticks.exponent),
                  " text-anchor=\"middle\" transform=\"rotate(-90 " + pixels(x) + " " + pixels(y) + ")\"");
  return svg + "</g>\n";
}

/// Far outside of the paper numbers would grow without bound; the slope of a line to there hardly changes.
double near_paper(double place_px) noexcept { return std::clamp(place_px, -1e5, 1e5); }

std::string series_svg(const PlacedPanel& p, const ChartSeries& series, const std::string& color) {
  std::string path;
  std::string markers;
  bool pen_down = false;
  for (const ChartPoint& point : series.points) {
    if (!p.x.can_show(point.x) || !p.y.can_show(point.y)) {
      pen_down = false;
      continue;
    }
    const double x = near_paper(p.x.place_px(point.x));
    const double y = near_paper(p.y.place_px(point.y));
    path += (pen_down ? " L" : path.empty() ? "M" : " M") + pixels(x) + " " + pixels(y);
    pen_down = true;
    if (series.markers) markers += marker_svg(x, y);
  }
  std::string svg;
  if (series.line && !path.empty()) {
    svg += "<path fill=\"none\" stroke-width=\"1.8\" stroke-linejoin=\"round\" stroke=\"" + color + "\"" +
           (series.dashed ? " stroke-dasharray=\"6 4\"" : "") + " d=\"" + path + "\"/>\n";
  }
  if (!markers.empty()) svg += "<g stroke=\"none\" fill-opacity=\"0.7\" fill=\"" + color + "\">\n" + markers + "</g>\n";
  return svg;
}

}  // namespace

std::string series_color(const ChartSeries& series, int palette_index) {
  if (!series.color.empty()) return xml_escaped(series.color);
  return palette[static_cast<std::size_t>(palette_index) % palette.size()];
}

std::string series_sample_svg(const ChartSeries& series, const std::string& color, double x_px, double y_px) {
  constexpr double half_length_px = 12.0;
  std::string svg = "<g stroke-width=\"1.8\" stroke=\"" + color + "\"" +
                    (series.dashed ? " stroke-dasharray=\"6 4\"" : "") + " fill=\"" + color + "\">\n";
  if (series.line) svg += line_svg(x_px - half_length_px, y_px, x_px + half_length_px, y_px);
  if (series.markers) svg += marker_svg(x_px, y_px);
  return svg + "</g>\n";
}

std::string panel_svg(const PlacedPanel& p, const std::string& clip_id) {
  std::string svg = grid_svg(p);
  svg += "<clipPath id=\"" + clip_id + "\"><rect" + attribute("x", p.x.from_px) + attribute("y", p.y.to_px) +
         attribute("width", p.x.to_px - p.x.from_px) + attribute("height", p.y.from_px - p.y.to_px) +
         "/></clipPath>\n<g clip-path=\"url(#" + clip_id + ")\">\n";
  int palette_index = p.first_color;
  for (const ChartSeries& series : p.panel->series) {
    svg += series_svg(p, series, series_color(series, palette_index));
    if (series.color.empty()) ++palette_index;
  }
  return svg + "</g>\n" + frame_svg(p) + labels_svg(p);
}

double tick_label_width_px(const AxisTicks& ticks) {
  int longest = 0;
  for (const AxisTick& tick : ticks.ticks) longest = std::max(longest, character_count(tick.label));
  return longest * character_width * font_size_px;
}

}  // namespace rdenoise

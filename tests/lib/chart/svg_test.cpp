// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <rdenoise/chart.hpp>
#include <rdenoise/error.hpp>
#include <regex>
#include <sstream>

#include "chart/svg_text.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Every tag closed in order, attributes quoted, no bare & or <. Empty if so, else what is wrong.
std::string fault_in_xml(const std::string& xml) {
  static const std::regex tag(R"re(<(/?)([A-Za-z]+)((?: [A-Za-z0-9:-]+="[^"<]*")*)(/?)>|<\?[^?]*\?>)re");
  static const std::regex bad_entity(R"re(&(?!(amp|lt|gt|quot|#39);))re");
  std::smatch found;
  if (std::regex_search(xml, found, bad_entity)) return "a bare &";
  std::vector<std::string> open;
  auto position = xml.cbegin();
  while (std::regex_search(position, xml.cend(), found, tag)) {
    const std::string between = found.prefix();
    if (between.find_first_of("<>") != std::string::npos) return "between tags: " + between;
    if (found[1] == "/") {
      if (open.empty() || open.back() != found[2]) return "closes " + found[2].str();
      open.pop_back();
    } else if (found[2].matched && found[4] != "/") {
      open.push_back(found[2]);
    }
    position = found[0].second;
  }
  return open.empty() ? "" : "leaves open " + open.back();
}

Chart square_chart() {
  Chart chart;
  chart.title = "Noise";
  chart.x_axis = {"signal", AxisScale::linear, 0.0, 1.0};
  chart.panel.y_axis = {"variance", AxisScale::linear, 0.0, 10.0};
  chart.panel.series = {{"measured", {{0.0, 0.0}, {0.5, 5.0}, {1.0, 10.0}}, true, true}};
  return chart;
}

/// Places of the first path's points.
std::vector<std::pair<double, double>> first_path(const std::string& svg) {
  std::smatch found;
  if (!std::regex_search(svg, found, std::regex(R"re( d="([^"]*)")re"))) return {};
  std::string text = found[1];
  std::erase_if(text, [](char c) { return c == 'M' || c == 'L'; });
  std::istringstream stream(text);
  std::vector<std::pair<double, double>> places;
  for (double x, y; stream >> x >> y;) places.emplace_back(x, y);
  return places;
}

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Svg, is_well_formed_whatever_the_texts) {
  Chart chart = square_chart();
  chart.title = "a < b & \"c\" > 'd' \x01 \xff é";
  chart.x_axis.label = "]]> <script>";
  chart.panel.series[0].name = "<&>";
  chart.panel.series[0].color = "\"/><x";
  EXPECT_EQ(fault_in_xml(to_svg(chart)), "");
  EXPECT_NE(to_svg(chart).find("a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39; ? ? é"), std::string::npos);
}

TEST(Svg, points_lie_where_the_axes_say) {
  const std::string svg = to_svg(square_chart());
  std::smatch frame;
  ASSERT_TRUE(std::regex_search(
      svg, frame,
      std::regex(R"re(clipPath id="panel0"><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)")re")));
  const double x = std::stod(frame[1]);
  const double y = std::stod(frame[2]);
  const double width = std::stod(frame[3]);
  const double height = std::stod(frame[4]);
  const auto places = first_path(svg);
  ASSERT_EQ(places.size(), 3U);
  // Each number is rounded to 0.01 px.
  EXPECT_NEAR(places[0].first, x, 0.02);
  EXPECT_NEAR(places[0].second, y + height, 0.02);
  EXPECT_NEAR(places[1].first, x + width / 2, 0.02);
  EXPECT_NEAR(places[1].second, y + height / 2, 0.02);
  EXPECT_NEAR(places[2].first, x + width, 0.02);
  EXPECT_NEAR(places[2].second, y, 0.02);
  EXPECT_EQ(count(svg, "<circle"), 4) << "three points and one in the legend";
}

TEST(Svg, equal_factors_are_equal_ways_on_a_logarithmic_axis) {
  Chart chart = square_chart();
  chart.panel.y_axis = {"variance", AxisScale::logarithmic, 1e-6, 1e-2};
  chart.panel.series[0].points = {{0.0, 1e-6}, {0.5, 1e-4}, {1.0, 1e-2}};
  const auto places = first_path(to_svg(chart));
  ASSERT_EQ(places.size(), 3U);
  EXPECT_NEAR(places[0].second - places[1].second, places[1].second - places[2].second, 0.03);
}

TEST(Svg, points_that_cannot_be_drawn_are_left_out_and_break_the_line) {
  Chart chart = square_chart();
  chart.panel.series[0].points = {
      {0.0, 1.0}, {0.2, nan}, {0.4, 2.0}, {std::numeric_limits<double>::infinity(), 3.0}, {0.6, 4.0}};
  const std::string svg = to_svg(chart);
  EXPECT_EQ(first_path(svg).size(), 3U);
  EXPECT_EQ(count(svg, "nan"), 0);
  EXPECT_EQ(count(svg, "M"), 3) << "each of the three begins anew";
  chart.panel.y_axis = {"variance", AxisScale::logarithmic, {}, {}};
  chart.panel.series[0].points = {{0.1, 0.0}, {0.2, -1.0}, {0.3, 1.0}, {0.4, 2.0}};
  EXPECT_EQ(first_path(to_svg(chart)).size(), 2U);
}

TEST(Svg, a_chart_without_points_has_its_axes) {
  Chart chart;
  EXPECT_EQ(fault_in_xml(to_svg(chart)), "");
  chart.panel.series = {{"empty", {}}, {"one", {{3.0, 3.0}}, true, true}, {"none", {{nan, nan}}}};
  chart.panel.y_axis.scale = AxisScale::logarithmic;
  const std::string svg = to_svg(chart);
  EXPECT_EQ(fault_in_xml(svg), "");
  EXPECT_NE(svg.find(">empty<"), std::string::npos);
}

TEST(Svg, a_lower_panel_shares_the_x_axis) {
  Chart chart = square_chart();
  chart.lower_panel.emplace();
  chart.lower_panel->y_axis.label = "residual";
  chart.lower_panel->series.push_back({"", {{0.0, -1.0}, {1.0, 1.0}}});
  const std::string svg = to_svg(chart);
  EXPECT_EQ(fault_in_xml(svg), "");
  std::smatch upper;
  std::smatch lower;
  ASSERT_TRUE(
      std::regex_search(svg, upper, std::regex(R"re(id="panel0"><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)")re")));
  ASSERT_TRUE(
      std::regex_search(svg, lower, std::regex(R"re(id="panel1"><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)")re")));
  EXPECT_EQ(upper[1], lower[1]);
  EXPECT_EQ(upper[2], lower[2]);
  EXPECT_EQ(count(svg, ">signal<"), 1);
}

TEST(Svg, limits_and_sizes_that_make_no_sense_are_refused) {
  const auto expect_refused = [](const Chart& chart) {
    try {
      (void)to_svg(chart);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    }
  };
  Chart chart = square_chart();
  chart.x_axis.least = 2.0;
  expect_refused(chart);
  chart.x_axis.least = nan;
  expect_refused(chart);
  chart = square_chart();
  chart.panel.y_axis.scale = AxisScale::logarithmic;
  expect_refused(chart);
  chart = square_chart();
  chart.width_px = 10;
  expect_refused(chart);
}

TEST(Svg, one_limit_is_kept_where_all_points_lie_beyond_it) {
  Chart chart = square_chart();
  chart.x_axis.least = 5.0;
  chart.x_axis.most.reset();
  EXPECT_EQ(fault_in_xml(to_svg(chart)), "");
}

TEST(Svg, file_is_the_document_and_no_partial_file_is_left) {
  const test::TemporaryFolder folder;
  write_svg(folder / "chart.svg", square_chart());
  std::ifstream stream(folder / "chart.svg");
  const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  EXPECT_EQ(text, to_svg(square_chart()));
  EXPECT_THROW(write_svg(folder / "absent" / "chart.svg", square_chart()), Error);
}

TEST(SvgText, numbers_are_short) {
  EXPECT_EQ(pixels(1.0), "1");
  EXPECT_EQ(pixels(1.256), "1.26");
  EXPECT_EQ(pixels(-0.001), "0");
  EXPECT_EQ(pixels(100.0), "100");
  EXPECT_EQ(pixels(0.5), "0.5");
}

}  // namespace
}  // namespace rdenoise

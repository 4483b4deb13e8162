// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/axis_ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace rdenoise {
namespace {

std::vector<std::string> labels(const AxisTicks& ticks) {
  std::vector<std::string> texts;
  for (const AxisTick& tick : ticks.ticks) texts.push_back(tick.label);
  return texts;
}

TEST(AxisTicks, unit_range_has_fifths) {
  const AxisTicks ticks = choose_ticks({0.0, 1.0}, AxisScale::linear, 5);
  EXPECT_EQ(labels(ticks), (std::vector<std::string>{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(ticks.exponent, 0);
}

TEST(AxisTicks, small_values_share_a_power_of_ten) {
  const AxisTicks ticks = choose_ticks({0.0, 4e-5}, AxisScale::linear, 4);
  EXPECT_EQ(ticks.exponent, -5);
  EXPECT_EQ(labels(ticks), (std::vector<std::string>{"0", "1", "2", "3", "4"}));
  EXPECT_DOUBLE_EQ(ticks.ticks[2].value, 2e-5);
}

TEST(AxisTicks, zero_between_signs_has_no_minus) {
  EXPECT_EQ(labels(choose_ticks({-0.1, 0.1}, AxisScale::linear, 2)), (std::vector<std::string>{"-0.1", "0.0", "0.1"}));
}

TEST(AxisTicks, lie_within_the_range_and_are_about_as_many_as_wanted) {
  for (const double least : {-3.7, 0.0, 12.345, 1e6}) {
    for (const double width : {1e-3, 0.7, 3.3, 9.9, 1e5}) {
      const AxisTicks ticks = choose_ticks({least, least + width}, AxisScale::linear, 6);
      // The step is within √2.5 of what gives 6 intervals.
      EXPECT_GE(ticks.ticks.size(), 3U) << least << " " << width;
      EXPECT_LE(ticks.ticks.size(), 11U) << least << " " << width;
      for (const AxisTick& tick : ticks.ticks) {
        EXPECT_GE(tick.value, least - 1e-9 * width);
        EXPECT_LE(tick.value, least + width * (1 + 1e-9));
      }
    }
  }
}

TEST(AxisTicks, decades_of_a_long_logarithmic_axis) {
  EXPECT_EQ(labels(choose_ticks({1e-8, 1e-3}, AxisScale::logarithmic, 5)),
            (std::vector<std::string>{"10⁻⁸", "10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"}));
  EXPECT_EQ(labels(choose_ticks({1.0, 1e10}, AxisScale::logarithmic, 5)),
            (std::vector<std::string>{"1", "100", "10⁴", "10⁶", "10⁸", "10¹⁰"}));
}

TEST(AxisTicks, a_short_logarithmic_axis_has_two_and_five) {
  EXPECT_EQ(labels(choose_ticks({1.0, 60.0}, AxisScale::logarithmic, 6)),
            (std::vector<std::string>{"1", "2", "5", "10", "20", "50"}));
}

TEST(AxisTicks, a_logarithmic_axis_of_less_than_an_octave_has_linear_marks) {
  EXPECT_GE(choose_ticks({3.1, 4.2}, AxisScale::logarithmic, 5).ticks.size(), 3U);
}

TEST(AxisTicks, a_range_below_the_resolution_of_its_numbers_ends) {
  const double least = 1e15;
  const AxisTicks ticks = choose_ticks({least, std::nextafter(least, 2e15)}, AxisScale::linear, 6);
  EXPECT_LE(ticks.ticks.size(), 1000U);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chart/axis_ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace rdenoise {
namespace {

/// The 1, 2 or 5 times a power of ten that is next to `rough`, and the power.
struct Step {
  double size;
  int exponent;
};

Step nice_step(double rough) {
  const int exponent = static_cast<int>(std::floor(std::log10(rough)));
  const double power = std::pow(10.0, exponent);
  const double mantissa = rough / power;
  // The borders are the geometric means of neighbours.
  if (mantissa < std::sqrt(2.0)) return {power, exponent};
  if (mantissa < std::sqrt(10.0)) return {2.0 * power, exponent};
  if (mantissa < std::sqrt(50.0)) return {5.0 * power, exponent};
  return {10.0 * power, exponent + 1};
}

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

AxisTicks linear_ticks(const AxisRange& range, int wanted) {
  const Step step = nice_step((range.most - range.least) / std::max(wanted, 1));
  AxisTicks result;
  const double largest = std::max(std::abs(range.least), std::abs(range.most));
  const int magnitude = static_cast<int>(std::floor(std::log10(largest)));
  constexpr int least_plain = -2;
  constexpr int most_plain = 4;
  if (magnitude < least_plain || magnitude > most_plain) result.exponent = magnitude;
  const int decimals = std::clamp(result.exponent - step.exponent, 0, 15);
  // A rounding error must not cost the mark at the end of the range.
  constexpr double slack = 1e-9;
  const double first = std::ceil(range.least / step.size - slack);
  const double last = std::floor(range.most / step.size + slack);
  // By count, because an index beyond 2⁵³ does not grow by 1.
  constexpr int most_ticks = 1000;
  for (int i = 0; i < most_ticks && first + i <= last; ++i) {
    const double index = first + i;
    const double value = index * step.size;
    const double shown = index == 0.0 ? 0.0 : value * std::pow(10.0, -result.exponent);
    result.ticks.push_back({index == 0.0 ? 0.0 : value, fixed(shown, decimals)});
  }
  return result;
}

std::string log_label(int mantissa, int exponent) {
  constexpr int least_plain = -2;
  constexpr int most_plain = 3;
  if (exponent >= least_plain && exponent <= most_plain) {
    return fixed(mantissa * std::pow(10.0, exponent), std::max(0, -exponent));
  }
  return (mantissa == 1 ? "" : std::to_string(mantissa) + "×") + power_of_ten(exponent);
}

AxisTicks logarithmic_ticks(const AxisRange& range, int wanted) {
  const double slack = 1e-9;
  const double low = std::log10(range.least);
  const double high = std::log10(range.most);
  const double decades = high - low;
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / std::max(wanted, 1) - slack)));
  const bool is_short = decades < 0.5 * wanted;
  AxisTicks result;
  for (int exponent = static_cast<int>(std::floor(low)); exponent <= high + slack; ++exponent) {
    if (exponent % stride != 0) continue;
    for (const int mantissa : {1, 2, 5}) {
      if (mantissa != 1 && !is_short) continue;
      const double place = exponent + std::log10(mantissa);
      if (place < low - slack || place > high + slack) continue;
      result.ticks.push_back({mantissa * std::pow(10.0, exponent), log_label(mantissa, exponent)});
    }
  }
  // Less than a factor of two or so: 1, 2 and 5 may all lie outside.
  if (result.ticks.size() < 2) return linear_ticks(range, wanted);
  return result;
}

}  // namespace

AxisTicks choose_ticks(const AxisRange& range, AxisScale scale, int wanted) {
  return scale == AxisScale::linear ? linear_ticks(range, wanted) : logarithmic_ticks(range, wanted);
}

std::string power_of_ten(int exponent) {
  constexpr std::array<std::string_view, 10> raised{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += raised[static_cast<std::size_t>(digit - '0')];
  return text;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/rational.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise {
namespace {

constexpr double largest = 2147483647.0;
/// Half of the last bit of a float's mantissa.
constexpr double precision = 0x1p-24;

/// Continued fraction of a value in (0, largest].
Rational of_positive(double value) {
  Rational before{1, 0};
  Rational last{static_cast<std::int64_t>(std::floor(value)), 1};
  double rest = value - std::floor(value);
  const auto error = [&](const Rational& r) {
    return std::abs(static_cast<double>(r.numerator) / static_cast<double>(r.denominator) - value);
  };
  while (error(last) > precision * value && rest > 0.0) {
    const double inverse = 1.0 / rest;
    const double whole = std::floor(inverse);
    const double numerator = whole * static_cast<double>(last.numerator) + static_cast<double>(before.numerator);
    const double denominator = whole * static_cast<double>(last.denominator) + static_cast<double>(before.denominator);
    if (numerator > largest || denominator > largest) break;
    before = last;
    last = {static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator)};
    rest = inverse - whole;
  }
  return last;
}

}  // namespace

Rational nearest_rational(double value) {
  if (std::isnan(value)) return {0, 0};
  const double magnitude = std::min(std::abs(value), largest);
  if (magnitude == 0.0) return {0, 1};
  const Rational positive = of_positive(magnitude);
  return {std::signbit(value) ? -positive.numerator : positive.numerator, positive.denominator};
}

}  // namespace rdenoise

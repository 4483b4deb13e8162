// SPDX-License-Identifier: LGPL-2.1-or-later
// Where an axis has its marks and what stands beside them.
#pragma once

#include <rdenoise/chart.hpp>
#include <string>
#include <vector>

namespace rdenoise {

struct AxisRange {
  double least = 0.0;
  double most = 1.0;
};

struct AxisTick {
  double value;
  std::string label;
};

struct AxisTicks {
  std::vector<AxisTick> ticks;
  /// Power of ten that the labels are to be multiplied by; 0 if they are the values themselves.
  int exponent = 0;
};

/// Linear: multiples of 1, 2 or 5 times a power of ten, about `wanted` of them. Logarithmic: powers of ten, every n-th
/// where they are many, with 2 and 5 between where they are few. All lie within the range.
[[nodiscard]] AxisTicks choose_ticks(const AxisRange& range, AxisScale scale, int wanted);

/// "10⁻³": the exponent in raised digits.
[[nodiscard]] std::string power_of_ten(int exponent);

}  // namespace rdenoise

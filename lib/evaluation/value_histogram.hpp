// SPDX-License-Identifier: LGPL-2.1-or-later
// How often which values occur, none negative, and the scale that keeps them best in eight bits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rdenoise {

/// Counts values in classes of equal ratio, a thirty-second of an octave wide.
class ValueHistogram {
 public:
  ValueHistogram();
  /// A row of a picture. weight: of its squared errors beside those of others.
  void add(std::span<const float> row, double weight);

  /// The scale s that makes the mean squared error of s · round(value / s), clipped to 0 … 255 s, least: rounding costs
  /// s²/12 where the value is above s/2, the value's square below, and clipping what lies beyond squared.
  /// A channel that was always 0 gets 1.
  [[nodiscard]] double best_scale() const;
  /// Mean over all values, those that are 0 included.
  [[nodiscard]] double squared_error(double scale) const;
  /// Half the mean squared difference of neighbours: how much the values differ inside a small window.
  [[nodiscard]] double local_variance() const noexcept { return difference_squares_ / (2.0 * weight_); }
  [[nodiscard]] double mean() const noexcept { return sum_ / weight_; }

 private:
  std::vector<double> counts_;
  double sum_ = 0.0;
  double difference_squares_ = 0.0;
  double weight_ = 1e-30;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/value_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rdenoise {
namespace {

// The upper bits of a float are a logarithm: exponent, and the first bits of the fraction.
constexpr int fraction_bits = 5;
constexpr int shift = 23 - fraction_bits;
constexpr std::size_t class_count = std::size_t{1} << (8 + fraction_bits);

/// The middle of a class.
double value_of(std::size_t index) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(index) << shift | 1U << (shift - 1));
}

constexpr double most = 255.0;

}  // namespace

ValueHistogram::ValueHistogram() : counts_(class_count) {}

void ValueHistogram::add(std::span<const float> row, double weight) {
  float before = row.empty() ? 0.F : row.front();
  for (const float value : row) {
    if (!std::isfinite(value)) continue;
    sum_ += weight * value;
    weight_ += weight;
    difference_squares_ += weight * (value - before) * (value - before);
    before = value;
    if (value > 0.F) counts_[std::bit_cast<std::uint32_t>(value) >> shift] += weight;
  }
}

double ValueHistogram::squared_error(double scale) const {
  double error = 0.0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] == 0.0) continue;
    const double value = value_of(i);
    const double beyond = value - most * scale;
    const double each = beyond > 0.0 ? beyond * beyond : value < 0.5 * scale ? value * value : scale * scale / 12.0;
    error += counts_[i] * each;
  }
  return error / weight_;
}

double ValueHistogram::best_scale() const {
  const auto last = std::find_if(counts_.rbegin(), counts_.rend(), [](double count) { return count > 0.0; });
  if (last == counts_.rend()) return 1.0;
  const double widest = value_of(static_cast<std::size_t>(counts_.rend() - last) - 1) / most;
  double best = widest;
  double least = squared_error(widest);
  // From no clipping to a fiftieth of the range.
  constexpr double step = 0.97;
  for (double scale = widest * step; scale > widest / 50.0; scale *= step)
    if (const double error = squared_error(scale); error < least) {
      least = error;
      best = scale;
    }
  return best;
}

}  // namespace rdenoise

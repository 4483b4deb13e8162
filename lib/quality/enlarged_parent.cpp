// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <rdenoise/parallel.hpp>

#include "quality/information_weights.hpp"

namespace rdenoise {
namespace {

constexpr int least_rows = 16;

/// A sample of the enlarged line is a weighted sum of these of the old one.
struct Taps {
  std::array<int, 4> index{};
  std::array<double, 4> weight{};
};

/// Adds `factor` times the sample k of the bilinear enlargement by (4n − 3)/n, whose first and last half pixel repeat
/// the border.
void add_bilinear(int k, int old_length, double factor, Taps& taps, std::size_t slot) {
  const double position = (k + 0.5) * old_length / (4.0 * old_length - 3.0) - 0.5;
  const double below = std::floor(position);
  const double fraction = position - below;
  const int last = old_length - 1;
  taps.index[slot] = std::clamp(static_cast<int>(below), 0, last);
  taps.index[slot + 1] = std::clamp(static_cast<int>(below) + 1, 0, last);
  taps.weight[slot] = factor * (1.0 - fraction);
  taps.weight[slot + 1] = factor * fraction;
}

Taps enlargement_taps(int j, int old_length) {
  const int last = 4 * old_length - 4;
  Taps taps;
  if (j == 0 || j == 2 * old_length - 1) {
    add_bilinear(j == 0 ? 0 : last, old_length, 2.0, taps, 0);
    add_bilinear(j == 0 ? 1 : last - 1, old_length, -1.0, taps, 2);
  } else {
    add_bilinear(2 * j - 1, old_length, 1.0, taps, 0);
  }
  return taps;
}

/// Enlarges along columns and transposes.
DoublePlane lengthened_and_transposed(const DoublePlaneView& src, int height_px) {
  DoublePlane dst{{}, height_px, src.width_px};
  dst.samples.resize(static_cast<std::size_t>(dst.width_px) * dst.height_px);
  parallel_bands(height_px, least_rows, 0, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const Taps taps = enlargement_taps(y, src.height_px);
      for (int x = 0; x < src.width_px; ++x) {
        double sum = 0.0;
        for (std::size_t t = 0; t < taps.index.size(); ++t) sum += taps.weight[t] * src.row(taps.index[t])[x];
        dst.samples[static_cast<std::size_t>(x) * height_px + y] = sum;
      }
    }
  });
  return dst;
}

}  // namespace

DoublePlane enlarged_parent(const DoublePlaneView& parent, int width_px, int height_px) {
  return lengthened_and_transposed(lengthened_and_transposed(parent, height_px).view(), width_px);
}

}  // namespace rdenoise

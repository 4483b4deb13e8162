// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/quality.hpp>
#include <vector>

#include "quality/plane.hpp"
#include "quality/same_shape.hpp"

namespace rdenoise {
namespace {

/// T = 170 of the authors' code, for a dynamic range of 255, here of 1.
constexpr double stability = 170.0 / (255.0 * 255.0);
constexpr int min_side_px = 4;

/// Length of the gradient after the Prewitt operator, divided by 3; zero outside the picture.
double gradient_magnitude(const PlaneView& plane, int x, int y) {
  const auto sample = [&plane](int sx, int sy) {
    const bool inside = sx >= 0 && sx < plane.width_px && sy >= 0 && sy < plane.height_px;
    return inside ? static_cast<double>(plane.row(sy)[sx]) : 0.0;
  };
  double dx = 0.0;
  double dy = 0.0;
  for (int i = -1; i <= 1; ++i) {
    dx += sample(x + 1, y + i) - sample(x - 1, y + i);
    dy += sample(x + i, y + 1) - sample(x + i, y - 1);
  }
  return std::hypot(dx, dy) / 3.0;
}

}  // namespace

std::optional<double> gmsd(const Image& reference, const Image& test) {
  require_same_shape(reference, test);
  if (std::min(reference.width_px(), reference.height_px()) < min_side_px) return std::nullopt;
  const Plane a = halved(luma(reference).view(), BeyondBorder::zero);
  const Plane b = halved(luma(test).view(), BeyondBorder::zero);
  std::vector<double> similarity;
  similarity.reserve(a.samples.size());
  double sum = 0.0;
  for (int y = 0; y < a.height_px; ++y) {
    for (int x = 0; x < a.width_px; ++x) {
      const double ga = gradient_magnitude(a.view(), x, y);
      const double gb = gradient_magnitude(b.view(), x, y);
      similarity.push_back((2.0 * ga * gb + stability) / (ga * ga + gb * gb + stability));
      sum += similarity.back();
    }
  }
  const auto count = static_cast<double>(similarity.size());
  const double mean = sum / count;
  double squares = 0.0;
  for (const double value : similarity) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (count - 1.0));
}

}  // namespace rdenoise

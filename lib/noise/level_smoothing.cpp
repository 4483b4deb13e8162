// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/level_smoothing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace rdenoise {
namespace {

constexpr int n = NoiseLevelFunction::level_count;
constexpr double least_variance = 1e-12;
// ln(variance) bends by about a tenth from level to level in developed photographs, and changes by less than one where
// it is only known to go on.
constexpr double bend_weight = 1.0 / (0.15 * 0.15);
constexpr double change_weight = 0.5;

using Vector = std::array<double, n>;
using Matrix = std::array<Vector, n>;

// Row · x ≈ value, with a weight, added to the normal equations.
template <std::size_t count>
void add_equation(Matrix& matrix, Vector& right, int first, const std::array<double, count>& row, double value,
                  double weight) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) matrix[first + i][first + k] += weight * row[i] * row[k];
    right[first + i] += weight * row[i] * value;
  }
}

// Gaussian elimination; symmetric and positive definite with a band of two, so that no pivots are needed.
Vector solved(Matrix matrix, Vector right) {
  constexpr int band = 2;
  for (int i = 0; i < n; ++i) {
    for (int k = i + 1; k <= std::min(n - 1, i + band); ++k) {
      const double factor = matrix[k][i] / matrix[i][i];
      for (int j = i; j <= std::min(n - 1, i + band); ++j) matrix[k][j] -= factor * matrix[i][j];
      right[k] -= factor * right[i];
    }
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int j = i + 1; j <= std::min(n - 1, i + band); ++j) right[i] -= matrix[i][j] * right[j];
    right[i] /= matrix[i][i];
  }
  return right;
}

NoiseLevelFunction fitted(std::span<const LevelMeasurement> measurements) {
  Matrix matrix{};
  Vector right{};
  for (const LevelMeasurement& m : measurements) {
    const double place = std::clamp(m.level, 0.0, 1.0) * (n - 1);
    const int index = std::min(static_cast<int>(place), n - 2);
    const double upper = place - index;
    add_equation<2>(matrix, right, index, {1.0 - upper, upper}, std::log(m.variance + least_variance), m.weight);
  }
  for (int i = 0; i + 2 < n; ++i) add_equation<3>(matrix, right, i, {1.0, -2.0, 1.0}, 0.0, bend_weight);
  for (int i = 0; i + 1 < n; ++i) add_equation<2>(matrix, right, i, {-1.0, 1.0}, 0.0, change_weight);
  const Vector logarithms = solved(matrix, right);
  NoiseLevelFunction function;
  for (int i = 0; i < n; ++i) function.variance[i] = static_cast<float>(std::exp(logarithms[i]));
  return function;
}

}  // namespace

NoiseLevelFunction smoothed_level_function(std::span<const LevelMeasurement> measurements) {
  NoiseLevelFunction function;
  std::vector<LevelMeasurement> used;
  double least = std::numeric_limits<double>::infinity();
  for (const LevelMeasurement& m : measurements) {
    if (!(m.weight > 0.0)) continue;
    used.push_back(m);
    least = std::min(least, m.variance + least_variance);
  }
  if (used.empty()) return function;
  // Texture only ever adds: start low, and what then lies above the function loses its say.
  std::vector<LevelMeasurement> weighted = used;
  for (LevelMeasurement& m : weighted) m.weight *= std::sqrt(least / (m.variance + least_variance));
  function = fitted(weighted);
  for (int iteration = 0; iteration < 6; ++iteration) {
    for (std::size_t i = 0; i < used.size(); ++i) {
      constexpr double slack = 1.2;
      const double excess = (used[i].variance + least_variance) / (slack * (function(used[i].level) + least_variance));
      weighted[i].weight = used[i].weight * (excess > 1.0 ? std::pow(excess, -4.0) : 1.0);
    }
    function = fitted(weighted);
  }
  return function;
}

NoiseModel nearest_line(std::span<const LevelMeasurement> measurements, const NoiseLevelFunction& function) {
  double s = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  for (const LevelMeasurement& m : measurements) {
    const double x = std::clamp(m.level, 0.0, 1.0);
    const double y = function(x);
    s += m.weight;
    sx += m.weight * x;
    sy += m.weight * y;
    sxx += m.weight * x * x;
    sxy += m.weight * x * y;
  }
  NoiseModel model;
  model.level_function = function;
  if (!(s > 0.0)) return model;
  const double determinant = s * sxx - sx * sx;
  model.a = determinant > 1e-4 * s * sxx ? std::max(0.0, (s * sxy - sx * sy) / determinant) : 0.0;
  model.b = (sy - model.a * sx) / s;
  if (model.b < 0.0) {
    model.a = sxy / sxx;
    model.b = 0.0;
  }
  return model;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/color_matrix.hpp"

#include <cmath>
#include <rdenoise/error.hpp>
#include <string>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void apply(const ColorMatrix& matrix, float* __restrict red, float* __restrict green,
                                  float* __restrict blue, std::size_t count) {
  const ColorMatrix m = matrix;
  for (std::size_t i = 0; i < count; ++i) {
    const float r = red[i];
    const float g = green[i];
    const float b = blue[i];
    red[i] = m[0] * r + m[1] * g + m[2] * b;
    green[i] = m[3] * r + m[4] * g + m[5] * b;
    blue[i] = m[6] * r + m[7] * g + m[8] * b;
  }
}

}  // namespace

ColorMatrix inverse(const ColorMatrix& matrix) {
  // The adjugate over the determinant; rows and columns taken cyclically give the signs.
  const auto minor = [&matrix](int row, int column) {
    const auto element = [&](int r, int c) {
      return static_cast<double>(matrix[3 * ((row + r) % 3) + (column + c) % 3]);
    };
    return element(1, 1) * element(2, 2) - element(1, 2) * element(2, 1);
  };
  double determinant = 0.0;
  for (int column = 0; column < 3; ++column) determinant += matrix[column] * minor(0, column);
  if (!(std::abs(determinant) > 1e-6) || !std::isfinite(determinant)) {
    throw Error(ErrorCode::invalid_argument,
                "inverting a colour matrix: expected one with an inverse, found a determinant of " +
                    std::to_string(determinant));
  }
  ColorMatrix result;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      result[3 * row + column] = static_cast<float>(minor(column, row) / determinant);
    }
  }
  return result;
}

void apply_color_matrix(const ColorMatrix& matrix, float* red, float* green, float* blue, std::size_t count) {
  apply(matrix, red, green, blue, count);
}

}  // namespace rdenoise

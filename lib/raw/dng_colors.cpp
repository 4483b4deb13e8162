// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/dng_colors.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise {
namespace {

using Matrix = std::array<double, 9>;

/// XYZ → linear sRGB, IEC 61966-2-1.
constexpr Matrix xyz_to_srgb{3.2404542, -1.5371385, -0.4985314, -0.9692660, 1.8760108,
                             0.0415560, 0.0556434,  -0.2040259, 1.0572252};

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      for (int k = 0; k < 3; ++k) c[3 * row + column] += a[3 * row + k] * b[3 * k + column];
    }
  }
  return c;
}

/// Identity if m is singular.
Matrix inverse(const Matrix& m) {
  const auto minor = [&](int row, int column) {
    const int r0 = (row + 1) % 3, r1 = (row + 2) % 3, c0 = (column + 1) % 3, c1 = (column + 2) % 3;
    return m[3 * r0 + c0] * m[3 * r1 + c1] - m[3 * r0 + c1] * m[3 * r1 + c0];
  };
  const double determinant = m[0] * minor(0, 0) + m[1] * minor(0, 1) + m[2] * minor(0, 2);
  if (std::abs(determinant) < 1e-9) return {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Matrix result;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) result[3 * row + column] = minor(column, row) / determinant;
  }
  return result;
}

}  // namespace

std::array<float, 9> color_matrix_for(const RawMetadata& metadata) {
  const auto& known = metadata.xyz_to_camera;
  if (std::ranges::any_of(known, [](float v) { return v != 0.F; })) return known;

  Matrix to_srgb;
  std::ranges::copy(metadata.camera_to_srgb, to_srgb.begin());
  const Matrix xyz_to_balanced = product(inverse(to_srgb), xyz_to_srgb);
  std::array<float, 9> result;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      // Undoing the white balance takes the as-shot light for the matrix' own: without a daylight balance nothing
      // better is known.
      result[3 * row + column] = static_cast<float>(xyz_to_balanced[3 * row + column] / metadata.as_shot_gains[row]);
    }
  }
  return result;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/information_weights.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "quality/laplacian_pyramid.hpp"
#include "quality/symmetric_eigen.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Gaussian elimination with pivots: the determinant, and x of matrix·x = rhs in rhs.
double solve(Matrix matrix, std::vector<double>& rhs) {
  const std::size_t n = rhs.size();
  double determinant = 1.0;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t pivot = i;
    for (std::size_t k = i; k < n; ++k) {
      if (std::abs(matrix[k][i]) > std::abs(matrix[pivot][i])) pivot = k;
    }
    if (pivot != i) determinant = -determinant;
    std::swap(matrix[i], matrix[pivot]);
    std::swap(rhs[i], rhs[pivot]);
    determinant *= matrix[i][i];
    for (std::size_t k = 0; k < n; ++k) {
      if (k == i) continue;
      const double factor = matrix[k][i] / matrix[i][i];
      for (std::size_t j = 0; j < n; ++j) matrix[k][j] -= factor * matrix[i][j];
      rhs[k] -= factor * rhs[i];
    }
  }
  for (std::size_t i = 0; i < n; ++i) rhs[i] /= matrix[i][i];
  return determinant;
}

/// The neighbourhood at a pixel, in 8-bit steps.
std::vector<double> neighbours(const DoublePlane& band, const DoublePlane* parent, int x, int y) {
  std::vector<double> values;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) values.push_back(255.0 * band.view().row(y + dy)[x + dx]);
  }
  if (parent != nullptr) values.push_back(255.0 * parent->view().row(y)[x]);
  return values;
}

/// The definition with a determinant in place of eigenvalues: Σ log2(1 + c·λ + d) is log2 det((1 + d)·I + c·C).
double plain_weight(const DoublePlane& reference, const DoublePlane& test, const DoublePlane* parent, const Matrix& c,
                    int x, int y) {
  const std::vector<double> values = neighbours(reference, parent, x, y);
  const std::size_t n = values.size();
  std::vector<double> solution = values;
  static_cast<void>(solve(c, solution));
  double squared_scale = 0.0;
  for (std::size_t i = 0; i < n; ++i) squared_scale += values[i] * solution[i] / static_cast<double>(n);

  const std::vector<double> others = neighbours(test, nullptr, x, y);
  double mean_a = 0.0;
  double mean_b = 0.0;
  for (int i = 0; i < 9; ++i) {
    mean_a += values[i] / 9;
    mean_b += others[i] / 9;
  }
  double variance_a = 0.0;
  double variance_b = 0.0;
  double both = 0.0;
  for (int i = 0; i < 9; ++i) {
    variance_a += (values[i] - mean_a) * (values[i] - mean_a) / 9;
    variance_b += (others[i] - mean_b) * (others[i] - mean_b) / 9;
    both += (values[i] - mean_a) * (others[i] - mean_b) / 9;
  }
  const double gain = both / variance_a;
  const double remainder = variance_b - gain * both;
  Matrix sum = c;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      sum[i][j] *= (remainder + (1 + gain * gain) * 0.4) * squared_scale / (0.4 * 0.4);
      if (i == j) sum[i][j] += 1 + remainder / 0.4;
    }
  }
  std::vector<double> unused(n);
  return std::log2(solve(sum, unused));
}

Matrix covariance(const DoublePlane& band, const DoublePlane* parent) {
  Matrix c;
  int count = 0;
  for (int y = 1; y < band.height_px - 1; ++y) {
    for (int x = 1; x < band.width_px - 1; ++x, ++count) {
      const std::vector<double> values = neighbours(band, parent, x, y);
      c.resize(values.size(), std::vector<double>(values.size()));
      for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = 0; j < values.size(); ++j) c[i][j] += values[i] * values[j];
      }
    }
  }
  for (auto& row : c) {
    for (double& value : row) value /= count;
  }
  return c;
}

/// Texture without a pattern that repeats, so that no direction of the neighbourhood is empty.
DoublePlane rough_plane(int width_px, int height_px, double phase) {
  DoublePlane plane{{}, width_px, height_px};
  for (int i = 0; i < width_px * height_px; ++i) plane.samples.push_back(0.2 * std::sin(phase * i * i + 0.1 * i));
  return plane;
}

TEST(InformationWeights, equal_the_determinant_formula_with_and_without_parent) {
  const DoublePlane reference = rough_plane(31, 26, 0.37);
  DoublePlane test = reference;
  for (std::size_t i = 0; i < test.samples.size(); ++i) test.samples[i] += 0.05 * std::cos(0.9 * i);
  const DoublePlane parent = rough_plane(16, 13, 0.53);
  const DoublePlane enlarged = enlarged_parent(parent.view(), 31, 26);
  const DoublePlaneView parent_view = parent.view();
  for (const bool has_parent : {false, true}) {
    const std::vector<double> weights =
        information_weights(reference.view(), test.view(), has_parent ? &parent_view : nullptr);
    ASSERT_EQ(weights.size(), 21U * 16U);
    const DoublePlane* plain_parent = has_parent ? &enlarged : nullptr;
    const Matrix c = covariance(reference, plain_parent);
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 21; ++x) {
        const double plain = plain_weight(reference, test, plain_parent, c, x + 5, y + 5);
        // Around 100 bits; eigenvalues span a factor of 10³ at most.
        EXPECT_NEAR(weights[y * 21 + x], plain, 1e-8) << x << " " << y;
      }
    }
  }
}

TEST(InformationWeights, of_flat_bands_are_zero) {
  const DoublePlane flat{std::vector<double>(20 * 20, 0.0), 20, 20};
  for (const double weight : information_weights(flat.view(), flat.view(), nullptr)) EXPECT_EQ(weight, 0.0);
}

TEST(InformationWeights, of_noise_where_the_reference_is_flat_are_nine_channels_of_it) {
  const DoublePlane flat{std::vector<double>(20 * 20, 0.0), 20, 20};
  const DoublePlane rough = rough_plane(20, 20, 0.37);
  const std::vector<double> weights = information_weights(flat.view(), rough.view(), nullptr);
  const std::vector<double> values = neighbours(rough, nullptr, 5, 5);
  double mean = 0.0;
  double variance = 0.0;
  for (const double value : values) mean += value / 9;
  for (const double value : values) variance += (value - mean) * (value - mean) / 9;
  EXPECT_NEAR(weights[0], 9.0 * std::log2(1.0 + variance / 0.4), 1e-9);
}

TEST(EnlargedParent, keeps_straight_lines_but_at_the_border) {
  DoublePlane ramp{{}, 10, 8};
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 10; ++x) ramp.samples.push_back(3.0 * x - 2.0 * y);
  }
  const DoublePlane enlarged = enlarged_parent(ramp.view(), 20, 15);
  for (int y = 3; y < 13; ++y) {
    for (int x = 3; x < 17; ++x) {
      // Sample j of 2n is sample 2j − 1 of 4n − 3, whose middles divide n evenly.
      const double u = (2 * x - 0.5) * 10 / 37.0 - 0.5;
      const double v = (2 * y - 0.5) * 8 / 29.0 - 0.5;
      EXPECT_NEAR(enlarged.view().row(y)[x], 3.0 * u - 2.0 * v, 1e-12) << x << " " << y;
    }
  }
}

TEST(LaplacianPyramid, equals_the_filters_written_out) {
  const Image image = test::formula_gray(21, 18);
  const std::vector<DoublePlane> levels = laplacian_pyramid(plane_view(image, 0), 2);
  ASSERT_EQ(levels.size(), 2U);
  const std::array<double, 5> taps = {1.0 / 16, 4.0 / 16, 6.0 / 16, 4.0 / 16, 1.0 / 16};
  const auto mirrored = [](int i, int n) { return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i; };
  // Sum 1 for each direction down and up; the √2 of each is in the factor 2 between the levels.
  const auto low_at = [&](int x, int y) {
    double sum = 0.0;
    for (int v = -2; v <= 2; ++v) {
      for (int u = -2; u <= 2; ++u) {
        sum += taps[u + 2] * taps[v + 2] * image.at(0, mirrored(2 * x + u, 21), mirrored(2 * y + v, 18));
      }
    }
    return sum;
  };
  ASSERT_EQ(levels[1].width_px, 11);
  ASSERT_EQ(levels[1].height_px, 9);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 11; ++x) EXPECT_NEAR(levels[1].view().row(y)[x], 2.0 * low_at(x, y), 1e-12);
  }
  for (int y = 0; y < 18; ++y) {
    for (int x = 0; x < 21; ++x) {
      double up = 0.0;
      for (int v = -2; v <= 2; ++v) {
        for (int u = -2; u <= 2; ++u) {
          const int sx = mirrored(x + u, 21);
          const int sy = mirrored(y + v, 18);
          if (sx % 2 == 0 && sy % 2 == 0) up += 4.0 * taps[u + 2] * taps[v + 2] * low_at(sx / 2, sy / 2);
        }
      }
      EXPECT_NEAR(levels[0].view().row(y)[x], image.at(0, x, y) - up, 1e-12) << x << " " << y;
    }
  }
}

TEST(SymmetricEigen, values_and_vectors_give_the_matrix_back) {
  constexpr int n = 10;
  std::vector<double> matrix(n * n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) matrix[i * n + j] = std::cos(1.7 * (i + j)) + std::sin(0.3 * i * j) + (i == j ? i : 0);
  }
  const SymmetricEigen eigen = symmetric_eigen(matrix, n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      double product = 0.0;
      double overlap = 0.0;
      for (int k = 0; k < n; ++k) {
        product += eigen.vectors[i * n + k] * eigen.values[k] * eigen.vectors[j * n + k];
        overlap += eigen.vectors[k * n + i] * eigen.vectors[k * n + j];
      }
      EXPECT_NEAR(product, matrix[i * n + j], 1e-12);
      EXPECT_NEAR(overlap, i == j ? 1.0 : 0.0, 1e-13);
    }
  }
}

}  // namespace
}  // namespace rdenoise

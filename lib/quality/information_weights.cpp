// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/information_weights.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <rdenoise/parallel.hpp>

#include "quality/ssim_means.hpp"
#include "quality/symmetric_eigen.hpp"

namespace rdenoise {
namespace {

constexpr int least_rows = 16;
constexpr double white_8bit = 255.0;
/// σ_n² of the paper.
constexpr double observer_variance_8bit = 0.4;
/// Variances below this count as none, as in the authors' code.
constexpr double least_variance_8bit = 1e-15;
/// Eigenvalues below this part of the largest have no inverse: rounding, in pictures that do not fill all directions.
constexpr double least_eigenvalue_ratio = 1e-12;

constexpr int block_px = 9;
constexpr int most_neighbours = block_px + 1;

/// The neighbourhood of a pixel, in 8-bit steps.
using Neighbours = std::array<double, most_neighbours>;

class NeighbourhoodField {
 public:
  NeighbourhoodField(const DoublePlaneView& band, const std::optional<DoublePlane>& parent)
      : band_(band), parent_(parent) {}

  [[nodiscard]] int size() const noexcept { return parent_ ? most_neighbours : block_px; }

  /// x, y  at least one pixel from the border
  [[nodiscard]] Neighbours at(int x, int y) const noexcept {
    Neighbours neighbours;
    std::size_t n = 0;
    for (int dy = -1; dy <= 1; ++dy) {
      const double* row = band_.samples.data() + static_cast<std::size_t>(y + dy) * band_.width_px + x;
      for (int dx = -1; dx <= 1; ++dx) neighbours[n++] = white_8bit * row[dx];
    }
    neighbours[n] = parent_ ? white_8bit * parent_->view().row(y)[x] : 0.0;
    return neighbours;
  }

 private:
  DoublePlaneView band_;
  const std::optional<DoublePlane>& parent_;
};

/// Mean of the products of neighbours over all inner pixels, [size, size].
std::vector<double> covariance(const NeighbourhoodField& field, int width_px, int height_px) {
  using Sums = std::array<double, static_cast<std::size_t>(most_neighbours) * most_neighbours>;
  // By rows, and these added in order: the sum does not depend on the number of threads.
  std::vector<Sums> row_sums(height_px);
  parallel_bands(height_px - 2, least_rows, 0, [&](int begin, int end) {
    for (int y = begin + 1; y < end + 1; ++y) {
      Sums sums{};
      for (int x = 1; x < width_px - 1; ++x) {
        const Neighbours neighbours = field.at(x, y);
        // The whole square, not half of it: this is one loop of fixed length.
        for (int i = 0; i < most_neighbours; ++i) {
          for (int j = 0; j < most_neighbours; ++j) sums[i * most_neighbours + j] += neighbours[i] * neighbours[j];
        }
      }
      row_sums[y] = sums;
    }
  });
  const int n = field.size();
  std::vector<double> matrix(static_cast<std::size_t>(n) * n);
  const double count = static_cast<double>(width_px - 2) * (height_px - 2);
  for (const Sums& sums : row_sums) {
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) matrix[static_cast<std::size_t>(i) * n + j] += sums[i * most_neighbours + j] / count;
    }
  }
  return matrix;
}

/// The Gaussian of the mixture.
struct Mixture {
  std::vector<double> eigenvalues;  ///< 0 and more
  /// yᵀ·form·y = yᵀ·C⁻¹·y / n, the squared scale at a pixel; [most_neighbours, most_neighbours].
  std::array<double, static_cast<std::size_t>(most_neighbours) * most_neighbours> form{};

  [[nodiscard]] double squared_scale(const Neighbours& neighbours) const noexcept {
    double sum = 0.0;
    for (int i = 0; i < most_neighbours; ++i) {
      double row = 0.0;
      for (int j = 0; j < most_neighbours; ++j) row += form[i * most_neighbours + j] * neighbours[j];
      sum += row * neighbours[i];
    }
    return std::max(sum, 0.0);
  }
};

Mixture fitted_mixture(const NeighbourhoodField& field, int width_px, int height_px) {
  const int n = field.size();
  const SymmetricEigen eigen = symmetric_eigen(covariance(field, width_px, height_px), n);
  const double limit = *std::ranges::max_element(eigen.values) * least_eigenvalue_ratio;
  Mixture mixture;
  for (int k = 0; k < n; ++k) {
    if (eigen.values[k] <= limit) continue;
    mixture.eigenvalues.push_back(eigen.values[k]);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        mixture.form[i * most_neighbours + j] += eigen.vectors[static_cast<std::size_t>(i) * n + k] *
                                                 eigen.vectors[static_cast<std::size_t>(j) * n + k] /
                                                 (eigen.values[k] * n);
      }
    }
  }
  return mixture;
}

/// test = gain·reference + remainder over 3×3 pixels.
struct Distortion {
  double gain = 0.0;
  double remainder_variance_8bit = 0.0;
};

Distortion distortion_at(const DoublePlaneView& reference, const DoublePlaneView& test, int x, int y) noexcept {
  double sum_a = 0.0;
  double sum_b = 0.0;
  double sum_aa = 0.0;
  double sum_bb = 0.0;
  double sum_ab = 0.0;
  for (int dy = -1; dy <= 1; ++dy) {
    const std::size_t row = static_cast<std::size_t>(y + dy) * reference.width_px + x;
    for (int dx = -1; dx <= 1; ++dx) {
      const double a = white_8bit * reference.samples[row + dx];
      const double b = white_8bit * test.samples[row + dx];
      sum_a += a;
      sum_b += b;
      sum_aa += a * a;
      sum_bb += b * b;
      sum_ab += a * b;
    }
  }
  const double mean_a = sum_a / block_px;
  const double mean_b = sum_b / block_px;
  const double variance_a = sum_aa / block_px - mean_a * mean_a;
  const double variance_b = sum_bb / block_px - mean_b * mean_b;
  const double both = sum_ab / block_px - mean_a * mean_b;
  if (variance_b < least_variance_8bit) return {};
  if (variance_a < least_variance_8bit) return {0.0, variance_b};
  const double gain = both / variance_a;
  return {gain, std::max(variance_b - gain * both, 0.0)};
}

/// I(R;E) + I(D;F) − I(E;F): what the eye learns of the reference and of the test picture, less what it learns twice.
double information_bits(const Mixture& mixture, int n, double squared_scale, const Distortion& distortion) noexcept {
  const double noise = observer_variance_8bit;
  const double remainder = distortion.remainder_variance_8bit;
  const double signal = (remainder + (1.0 + distortion.gain * distortion.gain) * noise) * squared_scale;
  double bits = 0.0;
  // One logarithm for many factors, each of which is far below the square root of the largest double.
  constexpr double large = 1e150;
  double product = 1.0;
  for (const double eigenvalue : mixture.eigenvalues) {
    product *= 1.0 + (signal * eigenvalue + noise * remainder) / (noise * noise);
    if (product > large) {
      bits += std::log2(product);
      product = 1.0;
    }
  }
  bits += std::log2(product);
  // Directions in which the reference never goes.
  const auto empty_count = static_cast<double>(n) - static_cast<double>(mixture.eigenvalues.size());
  if (empty_count > 0.0) bits += empty_count * std::log2(1.0 + remainder / noise);
  return bits;
}

}  // namespace

std::vector<double> information_weights(const DoublePlaneView& reference, const DoublePlaneView& test,
                                        const DoublePlaneView* parent) {
  std::optional<DoublePlane> enlarged;
  if (parent != nullptr) enlarged = enlarged_parent(*parent, reference.width_px, reference.height_px);
  const NeighbourhoodField field(reference, enlarged);
  const Mixture mixture = fitted_mixture(field, reference.width_px, reference.height_px);

  constexpr int border_px = ssim_window_px / 2;
  const int width_px = reference.width_px - 2 * border_px;
  const int height_px = reference.height_px - 2 * border_px;
  std::vector<double> weights(static_cast<std::size_t>(width_px) * height_px);
  parallel_bands(height_px, least_rows, 0, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      for (int x = 0; x < width_px; ++x) {
        const double squared_scale = mixture.squared_scale(field.at(x + border_px, y + border_px));
        const Distortion distortion = distortion_at(reference, test, x + border_px, y + border_px);
        weights[static_cast<std::size_t>(y) * width_px + x] =
            information_bits(mixture, field.size(), squared_scale, distortion);
      }
    }
  });
  return weights;
}

}  // namespace rdenoise

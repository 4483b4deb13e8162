// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/symmetric_eigen.hpp"

#include <cmath>
#include <cstddef>

namespace rdenoise {

SymmetricEigen symmetric_eigen(std::vector<double> matrix, int n) {
  SymmetricEigen result{std::vector<double>(n), std::vector<double>(static_cast<std::size_t>(n) * n)};
  const auto a = [&](int row, int column) -> double& { return matrix[static_cast<std::size_t>(row) * n + column]; };
  const auto q = [&](int row, int column) -> double& {
    return result.vectors[static_cast<std::size_t>(row) * n + column];
  };
  for (int i = 0; i < n; ++i) q(i, i) = 1.0;
  // Converges quadratically; a dozen sweeps are ample for any matrix of this size.
  constexpr int most_sweeps = 64;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    bool is_diagonal = true;
    for (int i = 0; i < n; ++i) {
      for (int j = i + 1; j < n; ++j) {
        // Nothing changes any more where this is lost in rounding.
        const double scale = std::abs(a(i, i)) + std::abs(a(j, j));
        if (scale + std::abs(a(i, j)) == scale) continue;
        is_diagonal = false;
        // The smaller of the two angles that bring a(i, j) to 0.
        const double ratio = (a(j, j) - a(i, i)) / (2.0 * a(i, j));
        const double tangent = std::copysign(1.0, ratio) / (std::abs(ratio) + std::hypot(ratio, 1.0));
        const double cosine = 1.0 / std::hypot(tangent, 1.0);
        const double sine = tangent * cosine;
        for (int k = 0; k < n; ++k) {
          const double ki = a(k, i);
          const double kj = a(k, j);
          a(k, i) = cosine * ki - sine * kj;
          a(k, j) = sine * ki + cosine * kj;
        }
        for (int k = 0; k < n; ++k) {
          const double ik = a(i, k);
          const double jk = a(j, k);
          a(i, k) = cosine * ik - sine * jk;
          a(j, k) = sine * ik + cosine * jk;
        }
        for (int k = 0; k < n; ++k) {
          const double ki = q(k, i);
          const double kj = q(k, j);
          q(k, i) = cosine * ki - sine * kj;
          q(k, j) = sine * ki + cosine * kj;
        }
      }
    }
    if (is_diagonal) break;
  }
  for (int i = 0; i < n; ++i) result.values[i] = a(i, i);
  return result;
}

}  // namespace rdenoise

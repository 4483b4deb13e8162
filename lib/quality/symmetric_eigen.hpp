// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

namespace rdenoise {

/// A = Q·diag(values)·Qᵀ
struct SymmetricEigen {
  std::vector<double> values;   ///< [n], in no order
  std::vector<double> vectors;  ///< Q, [n, n]; column i belongs to value i
};

/// Jacobi's rotations; for small matrices.
///
/// matrix  symmetric, [n, n]
[[nodiscard]] SymmetricEigen symmetric_eigen(std::vector<double> matrix, int n);

}  // namespace rdenoise

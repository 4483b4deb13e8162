// SPDX-License-Identifier: LGPL-2.1-or-later
// What the DCTs of small patches share: the basis, and patches side by side in vector lanes.
#pragma once

#include <array>
#include <cmath>
#include <numbers>

namespace rdenoise {

/// basis[k·n + i]: value of the k-th orthonormal cosine at pixel i.
template <int n>
[[nodiscard]] std::array<float, n * n> make_dct_basis() {
  std::array<float, n * n> basis{};
  for (int k = 0; k < n; ++k) {
    for (int i = 0; i < n; ++i) {
      const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / n);
      basis[k * n + i] = static_cast<float>(norm * std::cos(std::numbers::pi * (2 * i + 1) * k / (2 * n)));
    }
  }
  return basis;
}

inline constexpr int lane_count = 16;
inline constexpr int lanes_bytes = lane_count * sizeof(float);
using Lanes [[gnu::vector_size(lanes_bytes)]] = float;

/// Patches of n×n pixels, one in each lane. The alignment stands by itself: the vector type has only that of the plain
/// copy of the code, while the copy for AVX2 takes more for granted.
template <int n>
struct alignas(lanes_bytes) PatchBatch {
  Lanes pixel[n * n];
};

}  // namespace rdenoise

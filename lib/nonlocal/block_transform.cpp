// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/block_transform.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <utility>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// The inverse of a well-conditioned matrix, by Gauss-Jordan elimination with pivots.
std::vector<double> inverse_of(std::vector<double> a, int n) {
  const auto at = [n](std::vector<double>& m, int row, int column) -> double& {
    return m[static_cast<std::size_t>(row) * n + column];
  };
  std::vector<double> inverse(a.size());
  for (int i = 0; i < n; ++i) at(inverse, i, i) = 1.0;
  for (int column = 0; column < n; ++column) {
    int pivot = column;
    for (int row = column; row < n; ++row)
      if (std::abs(at(a, row, column)) > std::abs(at(a, pivot, column))) pivot = row;
    for (int k = 0; k < n; ++k) {
      std::swap(at(a, pivot, k), at(a, column, k));
      std::swap(at(inverse, pivot, k), at(inverse, column, k));
    }
    const double scale = 1.0 / at(a, column, column);
    for (int k = 0; k < n; ++k) {
      at(a, column, k) *= scale;
      at(inverse, column, k) *= scale;
    }
    for (int row = 0; row < n; ++row) {
      if (row == column) continue;
      const double factor = at(a, row, column);
      for (int k = 0; k < n; ++k) {
        at(a, row, k) -= factor * at(a, column, k);
        at(inverse, row, k) -= factor * at(inverse, column, k);
      }
    }
  }
  return inverse;
}

/// One level of analysis of the first `length` samples, periodic: low-pass to the front, high-pass behind.
void analyse(std::vector<double>& signal, int length) {
  // The analysis low-pass of the spline pair 1.5, in units of √2/256; its middle pair lies on samples 2i and 2i + 1.
  constexpr std::array<double, 10> low_pass{3, -3, -22, 22, 128, 128, 22, -22, -3, 3};
  std::vector<double> result(length);
  for (int i = 0; i < length / 2; ++i) {
    for (int k = 0; k < 10; ++k)
      result[i] += low_pass[k] * std::numbers::sqrt2 / 256 * signal[((2 * i + k - 4) % length + length) % length];
    result[length / 2 + i] = (signal[2 * i] - signal[2 * i + 1]) / std::numbers::sqrt2;
  }
  std::ranges::copy(result, signal.begin());
}

// A row of a block as one vector value: the compiler does not find these in plain loops.
using RowOf8 = float __attribute__((vector_size(8 * sizeof(float))));
using RowOf16 = float __attribute__((vector_size(16 * sizeof(float))));

template <int block_px, typename Row>
[[gnu::always_inline]] inline void transform_blocks(const float* rows, const float* transposed, float* blocks,
                                                    int count) {
  constexpr int stride = block_stride(block_px);
  static_assert(sizeof(Row) == stride * sizeof(float));
  for (int b = 0; b < count; ++b, blocks += block_px * stride) {
    Row block[block_px];
    std::memcpy(block, blocks, sizeof block);
    float half_way[block_px * stride];
    for (int i = 0; i < block_px; ++i) {
      Row sum = rows[i * block_px] * block[0];
#pragma GCC unroll 16
      for (int k = 1; k < block_px; ++k) sum += rows[i * block_px + k] * block[k];
      std::memcpy(half_way + i * stride, &sum, sizeof sum);
    }
    std::memcpy(block, transposed, sizeof block);
    for (int i = 0; i < block_px; ++i) {
      Row sum = half_way[i * stride] * block[0];
#pragma GCC unroll 16
      for (int k = 1; k < block_px; ++k) sum += half_way[i * stride + k] * block[k];
      std::memcpy(blocks + i * stride, &sum, sizeof sum);
    }
  }
}

RDENOISE_WIDE_VECTOR_CLONES
void transform_blocks_of_8(const float* rows, const float* transposed, float* blocks, int count) {
  transform_blocks<8, RowOf8>(rows, transposed, blocks, count);
}
RDENOISE_WIDE_VECTOR_CLONES
void transform_blocks_of_11(const float* rows, const float* transposed, float* blocks, int count) {
  transform_blocks<11, RowOf16>(rows, transposed, blocks, count);
}

/// Block sizes that no profile uses.
void transform_blocks_of_any(const float* rows, const float* transposed, float* blocks, int count, int block_px) {
  const int stride = block_stride(block_px);
  for (int b = 0; b < count; ++b, blocks += block_floats(block_px)) {
    std::array<float, block_floats(16)> half_way{};
    for (int i = 0; i < block_px; ++i)
      for (int k = 0; k < block_px; ++k)
        for (int j = 0; j < block_px; ++j) half_way[i * stride + j] += rows[i * block_px + k] * blocks[k * stride + j];
    std::fill_n(blocks, block_floats(block_px), 0.F);
    for (int i = 0; i < block_px; ++i)
      for (int k = 0; k < block_px; ++k)
        for (int j = 0; j < block_px; ++j)
          blocks[i * stride + j] += half_way[i * stride + k] * transposed[k * stride + j];
  }
}

RDENOISE_WIDE_VECTOR_CLONES
void butterfly(float* __restrict a, float* __restrict b, int length) {
  constexpr float scale = 1.F / std::numbers::sqrt2_v<float>;
  for (int i = 0; i < length; ++i) {
    const float sum = (a[i] + b[i]) * scale;
    b[i] = (a[i] - b[i]) * scale;
    a[i] = sum;
  }
}

}  // namespace

BlockTransform::BlockTransform(int block_px, std::vector<double> forward)
    : block_px_(block_px),
      forward_(matrix(block_px, forward)),
      inverse_(matrix(block_px, inverse_of(forward, block_px))) {}

BlockTransform BlockTransform::dct(int block_px) {
  std::vector<double> rows;
  for (int i = 0; i < block_px; ++i)
    for (int k = 0; k < block_px; ++k)
      rows.push_back(std::sqrt((i == 0 ? 1.0 : 2.0) / block_px) *
                     std::cos(std::numbers::pi * i * (2 * k + 1) / (2 * block_px)));
  return {block_px, std::move(rows)};
}

BlockTransform BlockTransform::bior15(int block_px) {
  std::vector<double> rows(static_cast<std::size_t>(block_px) * block_px);
  for (int column = 0; column < block_px; ++column) {
    std::vector<double> signal(block_px);
    signal[column] = 1.0;
    for (int length = block_px; length > 1; length /= 2) analyse(signal, length);
    for (int row = 0; row < block_px; ++row) rows[static_cast<std::size_t>(row) * block_px + column] = signal[row];
  }
  for (int row = 0; row < block_px; ++row) {
    const std::span<double> values = std::span(rows).subspan(static_cast<std::size_t>(row) * block_px, block_px);
    double energy = 0.0;
    for (const double value : values) energy += value * value;
    for (double& value : values) value /= std::sqrt(energy);
  }
  return {block_px, std::move(rows)};
}

BlockTransform::Matrix BlockTransform::matrix(int block_px, std::span<const double> rows) {
  const int stride = block_stride(block_px);
  Matrix result{std::vector<float>(rows.begin(), rows.end()),
                std::vector<float>(static_cast<std::size_t>(block_px) * stride)};
  for (int i = 0; i < block_px; ++i)
    for (int k = 0; k < block_px; ++k)
      result.transposed[static_cast<std::size_t>(k) * stride + i] =
          result.rows[static_cast<std::size_t>(i) * block_px + k];
  return result;
}

void BlockTransform::apply(const Matrix& matrix, float* blocks, int count) const noexcept {
  const float* rows = matrix.rows.data();
  const float* transposed = matrix.transposed.data();
  switch (block_px_) {
    case 8:
      return transform_blocks_of_8(rows, transposed, blocks, count);
    case 11:
      return transform_blocks_of_11(rows, transposed, blocks, count);
    default:
      return transform_blocks_of_any(rows, transposed, blocks, count, block_px_);
  }
}

void haar_forward(float* vectors, int count, int length) noexcept {
  for (int distance = 1; distance < count; distance *= 2)
    for (int i = 0; i < count; i += 2 * distance)
      butterfly(vectors + static_cast<std::ptrdiff_t>(i) * length,
                vectors + static_cast<std::ptrdiff_t>(i + distance) * length, length);
}

void haar_inverse(float* vectors, int count, int length) noexcept {
  for (int distance = count / 2; distance > 0; distance /= 2)
    for (int i = 0; i < count; i += 2 * distance)
      butterfly(vectors + static_cast<std::ptrdiff_t>(i) * length,
                vectors + static_cast<std::ptrdiff_t>(i + distance) * length, length);
}

}  // namespace rdenoise

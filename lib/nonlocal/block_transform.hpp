// SPDX-License-Identifier: LGPL-2.1-or-later
// Transforms of groups of blocks: separable 2-D within a block, Haar across the group.
#pragma once

#include <span>
#include <vector>

namespace rdenoise {

/// Floats from row to row of a block in memory: its edge in whole vectors of 8.
[[nodiscard]] constexpr int block_stride(int block_px) noexcept { return (block_px + 7) / 8 * 8; }
/// Floats from block to block.
[[nodiscard]] constexpr int block_floats(int block_px) noexcept { return block_px * block_stride(block_px); }

/// coefficients = T·block·Tᵀ, and back by the inverse of T. Rows of T have norm 1, so white noise of σ in the block has
/// σ in every coefficient.
class BlockTransform {
 public:
  /// Orthonormal DCT-II of any size from 2 to 16.
  [[nodiscard]] static BlockTransform dct(int block_px);
  /// All levels of the biorthogonal wavelet 1.5 (Cohen, Daubechies, Feauveau 1992), periodic, rows scaled to norm 1.
  ///
  /// block_px  a power of two
  [[nodiscard]] static BlockTransform bior15(int block_px);

  [[nodiscard]] int block_px() const noexcept { return block_px_; }

  /// In place, `count` blocks one behind the other: [count, block_px, block_stride]; what lies between block_px and
  /// block_stride must be 0 and stays so.
  void forward(float* blocks, int count) const noexcept { apply(forward_, blocks, count); }
  void inverse(float* blocks, int count) const noexcept { apply(inverse_, blocks, count); }

 private:
  /// Rows of T as scalars, and Tᵀ in rows of block_stride.
  struct Matrix {
    std::vector<float> rows;
    std::vector<float> transposed;
  };
  BlockTransform(int block_px, std::vector<double> forward);
  [[nodiscard]] static Matrix matrix(int block_px, std::span<const double> rows);
  void apply(const Matrix& matrix, float* blocks, int count) const noexcept;

  int block_px_;
  Matrix forward_;
  Matrix inverse_;
};

/// Orthonormal Haar transform across `count` vectors (a power of two) of `length` floats, all levels, in place. Vector
/// 0 becomes the mean times √count; the order of the others is that of the butterflies.
void haar_forward(float* vectors, int count, int length) noexcept;
void haar_inverse(float* vectors, int count, int length) noexcept;

}  // namespace rdenoise

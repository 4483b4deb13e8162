// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/block_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/statistics.hpp"

namespace rdenoise {
namespace {

/// Blocks of numbers in no order, 0 behind block_px.
std::vector<float> some_blocks(int block_px, int count) {
  std::vector<float> blocks(static_cast<std::size_t>(count) * block_floats(block_px));
  for (int i = 0; i < count * block_px; ++i)
    for (int c = 0; c < block_px; ++c)
      blocks[static_cast<std::size_t>(i) * block_stride(block_px) + c] = std::sin(1.7F * i + 0.31F * i * c + 2.3F * c);
  return blocks;
}

/// T itself: coefficient (i, j) of a block that is 1 at (r, c) is T(i, r)·T(j, c); so column 0 of a unit row gives T up
/// to T(0, 0).
std::vector<std::vector<double>> rows_of(const BlockTransform& transform) {
  const int n = transform.block_px();
  const auto coefficients_of = [&](int r, int c) {
    std::vector<float> block(static_cast<std::size_t>(block_floats(n)));
    block[static_cast<std::size_t>(r) * block_stride(n) + c] = 1.F;
    transform.forward(block.data(), 1);
    return block;
  };
  const double corner = std::sqrt(static_cast<double>(coefficients_of(0, 0)[0]));
  std::vector<std::vector<double>> rows(n, std::vector<double>(n));
  for (int r = 0; r < n; ++r) {
    const std::vector<float> coefficients = coefficients_of(r, 0);
    for (int i = 0; i < n; ++i) rows[i][r] = coefficients[static_cast<std::size_t>(i) * block_stride(n)] / corner;
  }
  return rows;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Coefficients below 16, sums of at most 2·16 products: 32 roundings of 16·2⁻²⁴ each way.
constexpr float rounding = 1e-4F;

TEST(BlockTransform, inverse_undoes_forward_and_the_padding_stays_0) {
  std::vector<BlockTransform> transforms{BlockTransform::bior15(4), BlockTransform::bior15(8),
                                         BlockTransform::bior15(16)};
  for (const int block_px : {2, 5, 8, 10, 11, 12, 16}) transforms.push_back(BlockTransform::dct(block_px));
  for (const BlockTransform& transform : transforms) {
    const std::vector<float> blocks = some_blocks(transform.block_px(), 3);
    std::vector<float> there_and_back = blocks;
    transform.forward(there_and_back.data(), 3);
    EXPECT_GT(test::max_abs_difference(blocks, there_and_back), 0.1F);
    transform.inverse(there_and_back.data(), 3);
    EXPECT_LT(test::max_abs_difference(blocks, there_and_back), rounding) << transform.block_px();
  }
}

TEST(BlockTransform, dct_is_orthonormal) {
  for (const int block_px : {2, 8, 11, 12}) {
    const auto rows = rows_of(BlockTransform::dct(block_px));
    for (int i = 0; i < block_px; ++i)
      for (int j = 0; j < block_px; ++j) EXPECT_NEAR(dot(rows[i], rows[j]), i == j ? 1.0 : 0.0, 1e-5);
  }
}

TEST(BlockTransform, rows_of_bior15_have_norm_1_and_only_the_first_sees_a_constant) {
  const auto rows = rows_of(BlockTransform::bior15(8));
  for (int i = 0; i < 8; ++i) {
    EXPECT_NEAR(dot(rows[i], rows[i]), 1.0, 1e-5) << i;
    EXPECT_NEAR(dot(rows[i], std::vector<double>(8, 1.0)), i == 0 ? std::sqrt(8.0) : 0.0, 1e-5) << i;
  }
}

TEST(BlockTransform, the_sizes_with_vector_code_agree_with_the_sum_of_products) {
  for (const int block_px : {8, 11}) {
    const BlockTransform transform = BlockTransform::dct(block_px);
    const auto rows = rows_of(transform);
    const std::vector<float> block = some_blocks(block_px, 1);
    std::vector<float> coefficients = block;
    transform.forward(coefficients.data(), 1);
    for (int i = 0; i < block_px; ++i)
      for (int j = 0; j < block_px; ++j) {
        double sum = 0.0;
        for (int r = 0; r < block_px; ++r)
          for (int c = 0; c < block_px; ++c)
            sum += rows[i][r] * block[static_cast<std::size_t>(r) * block_stride(block_px) + c] * rows[j][c];
        EXPECT_NEAR(coefficients[static_cast<std::size_t>(i) * block_stride(block_px) + j], sum, rounding);
      }
  }
}

TEST(Haar, keeps_the_energy_and_inverts) {
  for (const int count : {1, 2, 8, 32}) {
    std::vector<float> vectors(static_cast<std::size_t>(count) * 5);
    for (std::size_t i = 0; i < vectors.size(); ++i) vectors[i] = std::cos(2.1F * static_cast<float>(i * i % 97));
    const std::vector<float> original = vectors;
    const auto energy = [](const std::vector<float>& values) {
      double sum = 0.0;
      for (const float value : values) sum += static_cast<double>(value) * value;
      return sum;
    };
    haar_forward(vectors.data(), count, 5);
    EXPECT_NEAR(energy(vectors) / energy(original), 1.0, 1e-5);
    haar_inverse(vectors.data(), count, 5);
    EXPECT_LT(test::max_abs_difference(vectors, original), 1e-5F);
  }
}

TEST(Haar, equal_vectors_become_their_sum_over_the_root_of_their_number_and_zeros) {
  std::vector<float> vectors(32, 0.5F);
  haar_forward(vectors.data(), 16, 2);
  for (std::size_t i = 0; i < vectors.size(); ++i) EXPECT_NEAR(vectors[i], i < 2 ? 0.5F * 4.F : 0.F, 1e-6F);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/aggregation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "nonlocal/block_transform.hpp"

namespace rdenoise {
namespace {

TEST(KaiserWindow, is_flat_for_beta_0_and_symmetric_with_its_peak_inside_otherwise) {
  for (const int block_px : {8, 11}) {
    const int stride = block_stride(block_px);
    const std::vector<float> flat = kaiser_window(block_px, 0.0);
    const std::vector<float> window = kaiser_window(block_px, 2.0);
    for (int r = 0; r < block_px; ++r)
      for (int c = 0; c < stride; ++c) {
        EXPECT_EQ(flat[r * stride + c], c < block_px ? 1.F : 0.F);
        if (c >= block_px) continue;
        EXPECT_FLOAT_EQ(window[r * stride + c], window[c * stride + r]);
        EXPECT_FLOAT_EQ(window[r * stride + c], window[(block_px - 1 - r) * stride + c]);
      }
    // 1/I0(2) = 0.43869 at the middle of an edge of odd length; its square in a corner.
    EXPECT_NEAR(window[0], 0.43869 * 0.43869, 1e-4);
  }
}

TEST(Aggregation, is_the_weighted_mean_of_overlapping_blocks) {
  const int n = 4;
  const std::vector<float> window = kaiser_window(n, 0.0);
  const std::vector<float> ones = [&] {
    std::vector<float> block(static_cast<std::size_t>(block_floats(n)));
    for (int r = 0; r < n; ++r)
      for (int c = 0; c < n; ++c) block[r * block_stride(n) + c] = 1.F;
    return block;
  }();
  const std::vector<float> zeros(static_cast<std::size_t>(block_floats(n)));
  Aggregation whole(6, 0, 5);
  Aggregation part(6, 1, 5);
  whole.add(0, 0, ones.data(), window, 3.F, n);
  part.add(2, 1, zeros.data(), window, 1.F, n);
  whole.add(part);
  std::vector<float> plane(30, -1.F);
  whole.write_means(plane);
  EXPECT_EQ(plane[0], 1.F);
  EXPECT_EQ(plane[6 + 2], 0.75F);
  EXPECT_EQ(plane[4 * 6 + 5], 0.F);
  // No block reaches the upper right corner.
  EXPECT_EQ(plane[5], -1.F);
}

}  // namespace
}  // namespace rdenoise

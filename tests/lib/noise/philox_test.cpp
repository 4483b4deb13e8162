// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/philox.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace rdenoise {
namespace {

// kat_vectors of the Random123 distribution, philox4x32 10.
TEST(philox, gives_the_published_known_answers) {
  constexpr std::uint32_t ones = 0xFFFFFFFF;
  EXPECT_EQ(philox::block({0, 0, 0, 0}, {0, 0}), (philox::Counter{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
  EXPECT_EQ(philox::block({ones, ones, ones, ones}, {ones, ones}),
            (philox::Counter{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}));
  EXPECT_EQ(philox::block({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}),
            (philox::Counter{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}));
}

TEST(random_u64, differs_by_seed_stream_and_index) {
  const std::set<std::uint64_t> numbers{random_u64({1, 2}, 3),          random_u64({2, 2}, 3),
                                        random_u64({1, 3}, 3),          random_u64({1, 2}, 4),
                                        random_u64({1ULL << 32, 2}, 3), random_u64({1, 2}, 3 + (1ULL << 32))};
  EXPECT_EQ(numbers.size(), 6U);
  EXPECT_EQ(random_u64({1, 2}, 3), random_u64({1, 2}, 3));
}

TEST(random_uniform, fills_the_unit_interval_evenly) {
  constexpr int n = 100000;
  constexpr int cells = 10;
  int count[cells] = {};
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    const double u = random_uniform({7, 0}, static_cast<std::uint64_t>(i));
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    ++count[static_cast<int>(u * cells)];
  }
  // Standard error of the mean: 1/√(12 n); five of them.
  EXPECT_NEAR(sum / n, 0.5, 5.0 / std::sqrt(12.0 * n));
  // Binomial: √(n·p·(1 − p)).
  for (const int c : count) EXPECT_NEAR(c, n / cells, 5.0 * std::sqrt(n * 0.1 * 0.9));
}

}  // namespace
}  // namespace rdenoise

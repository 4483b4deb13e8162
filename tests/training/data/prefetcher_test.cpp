// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/prefetcher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace rdenoise::training {
namespace {

TEST(prefetcher, gives_what_was_asked_for_in_any_order) {
  Prefetcher<std::int64_t> squares([](std::int64_t step) { return step * step; }, 2);
  for (const std::int64_t step : {0, 1, 2, 7, 8, 3, 3, 3, 4, 0}) EXPECT_EQ(squares.take(step), step * step);
}

TEST(prefetcher, works_ahead_but_no_further_than_allowed) {
  std::atomic<std::int64_t> last{-1};
  Prefetcher<std::int64_t> steps([&](std::int64_t step) { return last = step; }, 3);
  EXPECT_EQ(steps.take(0), 0);
  while (last < 3) std::this_thread::yield();
  EXPECT_EQ(steps.take(1), 1);
  EXPECT_LE(last, 4);
}

TEST(prefetcher, an_error_comes_out_where_its_step_is_taken_and_the_next_is_fine) {
  Prefetcher<std::int64_t> odd_fails(
      [](std::int64_t step) {
        if (step % 2 == 1) throw std::runtime_error("odd");
        return step;
      },
      2);
  EXPECT_EQ(odd_fails.take(0), 0);
  EXPECT_THROW((void)odd_fails.take(1), std::runtime_error);
  EXPECT_EQ(odd_fails.take(2), 2);
}

TEST(prefetcher, stops_without_having_been_asked) {
  Prefetcher<int> never([](std::int64_t) { return 1; }, 2);
  Prefetcher<int> once([](std::int64_t) { return 1; }, 2);
  EXPECT_EQ(once.take(5), 1);
}

}  // namespace
}  // namespace rdenoise::training

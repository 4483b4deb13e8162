// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cost_window.hpp"

#include <gtest/gtest.h>

namespace rdenoise::gst {
namespace {

TEST(CostWindow, without_frames_is_zero) {
  const CostWindow window;
  EXPECT_EQ(window.frame_count(), 0U);
  EXPECT_EQ(window.mean_ms(), 0.0);
  EXPECT_EQ(window.percentile_95_ms(), 0.0);
}

TEST(CostWindow, of_one_frame_is_its_cost) {
  CostWindow window;
  window.add(1.0, 7.0);
  EXPECT_EQ(window.mean_ms(), 7.0);
  EXPECT_EQ(window.percentile_95_ms(), 7.0);
}

TEST(CostWindow, percentile_95_leaves_five_of_a_hundred_above) {
  CostWindow window;
  for (int cost_ms = 100; cost_ms >= 1; --cost_ms) window.add(0.01 * (100 - cost_ms), cost_ms);
  EXPECT_EQ(window.percentile_95_ms(), 95.0);
  EXPECT_DOUBLE_EQ(window.mean_ms(), 50.5);
}

TEST(CostWindow, frames_of_long_ago_do_not_count) {
  CostWindow window;
  for (int i = 0; i < 10; ++i) window.add(i, 100.0);
  for (int i = 0; i < 10; ++i) window.add(20.0 + 0.1 * i, 2.0);
  EXPECT_EQ(window.frame_count(), 10U);
  EXPECT_DOUBLE_EQ(window.mean_ms(), 2.0);
}

TEST(CostWindow, stays_small_however_fast_frames_are) {
  CostWindow window;
  for (int i = 0; i < 100000; ++i) window.add(1e-5 * i, 1.0);
  EXPECT_LE(window.frame_count(), 1000U);
}

}  // namespace
}  // namespace rdenoise::gst

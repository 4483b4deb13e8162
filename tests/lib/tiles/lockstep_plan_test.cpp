// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>

namespace rdenoise {
namespace {

LockstepRequest frame(int width_px, int height_px) {
  LockstepRequest request;
  request.frame_width_px = width_px;
  request.frame_height_px = height_px;
  request.depth = 17;
  request.n_threads = 2;
  return request;
}

int end_y(const Rect& rect) { return rect.y_px + rect.height_px; }

TEST(LockstepPlan, cores_follow_each_other_and_their_windows_have_a_cell_more_at_each_side) {
  for (const int cell_px : {1, 2})
    for (const int core : {1, 3, 8, 50, 1000})
      for (const int height : {2, 6, 10, 134, 135 * 2}) {
        LockstepRequest request = frame(2, height);
        request.cell_px = cell_px;
        request.core_size_px = core;
        const TilePlan plan = plan_lockstep(request);
        int y = 0;
        for (const Tile& tile : plan.tiles) {
          EXPECT_EQ(tile.core.y_px, y);
          EXPECT_EQ(tile.core.width_px, 2);
          y = end_y(tile.core);
          EXPECT_EQ(tile.window.height_px, plan.window_height_px);
          EXPECT_EQ(tile.window.y_px % cell_px, 0);
          EXPECT_GE(tile.window.y_px, 0);
          EXPECT_LE(end_y(tile.window), height);
          EXPECT_GE(tile.core.y_px - tile.window.y_px, tile.core.y_px == 0 ? 0 : cell_px);
          EXPECT_GE(end_y(tile.window) - y, y == height ? 0 : cell_px);
        }
        EXPECT_EQ(y, height);
        EXPECT_EQ(plan.lockstep_depth, plan.tiles.size() > 1 ? 17 : 0);
      }
}

TEST(LockstepPlan, a_band_writes_nothing_that_is_read_two_bands_away) {
  for (int height = 1; height < 60; ++height)
    for (const int core : {1, 3, 4, 7}) {
      LockstepRequest request = frame(1, height);
      request.core_size_px = core;
      const TilePlan plan = plan_lockstep(request);
      for (std::size_t i = 2; i < plan.tiles.size(); ++i) {
        EXPECT_LE(end_y(plan.tiles[i - 2].core), plan.tiles[i].window.y_px);
        EXPECT_LE(end_y(plan.tiles[i - 2].window), plan.tiles[i].core.y_px);
      }
    }
}

TEST(LockstepPlan, tall_frames_are_cut_into_rows_and_wide_ones_into_columns) {
  EXPECT_GT(plan_lockstep(frame(100, 2000)).rows, 1);
  EXPECT_GT(plan_lockstep(frame(2000, 100)).columns, 1);
}

TEST(LockstepPlan, every_thread_has_a_band_and_a_quarter_megapixel_little_more_to_do) {
  for (const int n_threads : {2, 3, 8}) {
    LockstepRequest request = frame(512, 512);
    request.n_threads = n_threads;
    const TilePlan plan = plan_lockstep(request);
    EXPECT_GE(static_cast<int>(plan.tiles.size()), n_threads);
    // For each band two rows at its borders, and less than one since bands are alike.
    EXPECT_LT(plan.halo_overhead(), 3.0 * static_cast<double>(plan.tiles.size()) / 512);
  }
}

TEST(LockstepPlan, what_does_not_come_out_even_costs_a_layer_and_not_a_band) {
  LockstepRequest request = frame(100, 302);
  request.core_size_px = 100;
  const TilePlan plan = plan_lockstep(request);
  ASSERT_EQ(plan.tiles.size(), 3U);
  const double window = 100.0 * 102.0;
  EXPECT_DOUBLE_EQ(plan_cost(plan, 1, {}), 3 * window);
  // 3 · 17 steps are 26 on one of two threads; a tenth of a window is spent with waiting.
  EXPECT_DOUBLE_EQ(plan_cost(plan, 2, {}), (26.0 / 17 + 0.1) * window);
}

TEST(LockstepPlan, the_cost_of_a_window_is_asked_for_all_that_a_thread_takes_in_turn) {
  LockstepRequest request = frame(100, 402);
  request.core_size_px = 100;
  int most_in_turn = 0;
  const auto window_cost = [&](int, int, int in_turn) {
    most_in_turn = std::max(most_in_turn, in_turn);
    return 1.0;
  };
  (void)plan_cost(plan_lockstep(request), 2, window_cost);
  EXPECT_EQ(most_in_turn, 2);
}

TEST(LockstepPlan, refuses_sizes_that_make_no_sense) {
  for (const auto& spoil :
       {+[](LockstepRequest& r) { r.cell_px = 0; }, +[](LockstepRequest& r) { r.depth = 0; },
        +[](LockstepRequest& r) { r.n_threads = 0; }, +[](LockstepRequest& r) { r.core_size_px = -1; },
        +[](LockstepRequest& r) { r.frame_width_px = 0; }, +[](LockstepRequest& r) { r.cell_px = 7; }}) {
    LockstepRequest request = frame(100, 100);
    spoil(request);
    EXPECT_THROW((void)plan_lockstep(request), Error);
  }
}

}  // namespace
}  // namespace rdenoise

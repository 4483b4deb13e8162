// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>

namespace rdenoise {
namespace {

SkewedTileRequest frame(int width_px, int height_px) {
  SkewedTileRequest request;
  request.frame_width_px = width_px;
  request.frame_height_px = height_px;
  request.depth = 17;
  request.n_threads = 2;
  return request;
}

void expect_cover(const TilePlan& plan) {
  std::vector<int> times(static_cast<std::size_t>(plan.frame_width_px) * plan.frame_height_px);
  for (const Tile& tile : plan.tiles)
    for (int y = 0; y < tile.core.height_px; ++y)
      for (int x = 0; x < tile.core.width_px; ++x)
        ++times[static_cast<std::size_t>(tile.core.y_px + y) * plan.frame_width_px + tile.core.x_px + x];
  for (const int n : times) ASSERT_EQ(n, 1);
}

TEST(SkewedPlan, cores_cover_the_frame_once) {
  for (const int core : {0, 1, 5, 40, 300}) {
    SkewedTileRequest request = frame(211, 134);
    request.core_size_px = core;
    expect_cover(plan_skewed_tiles(request));
    request.depth = 3;
    request.cell_px = 2;
    request.frame_width_px = 212;
    expect_cover(plan_skewed_tiles(request));
  }
}

TEST(SkewedPlan, a_core_lies_one_cell_for_each_further_layer_left_of_and_above_what_its_tile_reads) {
  SkewedTileRequest request = frame(400, 400);
  request.core_size_px = 80;
  const TilePlan plan = plan_skewed_tiles(request);
  ASSERT_EQ(plan.skew_px, 16);
  EXPECT_EQ(plan.window_width_px, 82);
  EXPECT_EQ(plan.columns, 6);  // 400 + 16 in steps of 80
  const Tile& tile = plan.tiles[static_cast<std::size_t>(plan.columns) + 1];
  EXPECT_EQ(tile.window, (Rect{79, 79, 82, 82}));
  EXPECT_EQ(tile.core, (Rect{64, 64, 80, 80}));
}

TEST(SkewedPlan, one_tile_along_an_axis_has_neither_skew_nor_border) {
  SkewedTileRequest request = frame(50, 400);
  request.core_size_px = 100;
  const TilePlan plan = plan_skewed_tiles(request);
  EXPECT_EQ(plan.columns, 1);
  EXPECT_EQ(plan.window_width_px, 50);
  EXPECT_EQ(plan.tiles[0].window.x_px, 0);
  EXPECT_EQ(plan.tiles[0].core.width_px, 50);
}

TEST(SkewedPlan, full_hd_through_seventeen_layers_computes_less_than_five_percent_twice) {
  SkewedTileRequest request = frame(1920, 1080);
  request.max_window_px = 104'000;
  EXPECT_LT(plan_skewed_tiles(request).halo_overhead(), 0.05);
}

TEST(SkewedPlan, windows_stay_within_the_limit) {
  for (const int limit : {64 * 64, 150 * 150, 320 * 320})
    for (const auto& [width, height] : {std::pair{12000, 8000}, {700, 900}, {10000, 3}}) {
      SkewedTileRequest request = frame(width, height);
      request.max_window_px = limit;
      const TilePlan plan = plan_skewed_tiles(request);
      EXPECT_LE(plan.window_width_px * plan.window_height_px, limit) << width << "x" << height;
    }
}

TEST(SkewedPlan, slow_windows_are_avoided) {
  SkewedTileRequest request = frame(1920, 1080);
  request.window_cost = [](int height_px, int width_px, int /*in_turn*/) {
    return height_px == 260 && width_px == 260 ? 1.0 : 3.0;
  };
  const TilePlan plan = plan_skewed_tiles(request);
  EXPECT_EQ(plan.window_width_px, 260);
  EXPECT_EQ(plan.window_height_px, 260);
}

TEST(SkewedPlan, refuses_sizes_that_make_no_sense) {
  for (const auto& spoil :
       {+[](SkewedTileRequest& r) { r.cell_px = 0; }, +[](SkewedTileRequest& r) { r.depth = 0; },
        +[](SkewedTileRequest& r) { r.n_threads = 0; }, +[](SkewedTileRequest& r) { r.max_window_px = 0; },
        +[](SkewedTileRequest& r) { r.core_size_px = -1; }, +[](SkewedTileRequest& r) { r.frame_width_px = 0; },
        +[](SkewedTileRequest& r) { r.cell_px = 7; }}) {
    SkewedTileRequest request = frame(100, 100);
    spoil(request);
    EXPECT_THROW((void)plan_skewed_tiles(request), Error);
  }
}

TEST(SkewedPlan, two_rounds_cost_twice_one) {
  SkewedTileRequest request = frame(400, 400);
  request.core_size_px = 200;
  const TilePlan skewed = plan_skewed_tiles(request);  // 3 × 3 windows of 202²
  const double window = 202.0 * 202.0;
  EXPECT_DOUBLE_EQ(plan_cost(skewed, 1, {}), 9 * window);
  // A tenth of a window is spent with waiting for the last.
  EXPECT_DOUBLE_EQ(plan_cost(skewed, 2, {}), (5 + 1.0 / 17 + 0.1) * window);
}

}  // namespace
}  // namespace rdenoise

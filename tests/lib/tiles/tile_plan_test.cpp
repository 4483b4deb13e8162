// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/tiles.hpp>

namespace rdenoise {
namespace {

std::string text(const TileRequest& r) {
  return std::to_string(r.frame_width_px) + "x" + std::to_string(r.frame_height_px) + " halo " +
         std::to_string(r.halo_px) + " alignment " + std::to_string(r.alignment_px) + " core " +
         std::to_string(r.core_size_px) + " threads " + std::to_string(r.n_threads) + " max window " +
         std::to_string(r.max_window_px);
}

bool aligned(const Rect& r, int alignment) {
  return r.x_px % alignment == 0 && r.y_px % alignment == 0 && r.width_px % alignment == 0 &&
         r.height_px % alignment == 0;
}

/// A core's side is far enough from its window's side, or both are the frame's.
bool keeps_halo(int window_begin, int core_begin, int core_end, int window_end, int frame_px, int halo_px) {
  const bool begins = core_begin - window_begin >= halo_px || (window_begin == 0 && core_begin == 0);
  const bool ends = window_end - core_end >= halo_px || (window_end == frame_px && core_end == frame_px);
  return begins && ends;
}

/// What the header promises of every plan.
void expect_sound(const TileRequest& request) {
  SCOPED_TRACE(text(request));
  const TilePlan plan = plan_tiles(request);
  ASSERT_EQ(plan.frame_width_px, request.frame_width_px);
  ASSERT_EQ(plan.frame_height_px, request.frame_height_px);
  ASSERT_EQ(plan.halo_px, request.halo_px);
  ASSERT_EQ(plan.alignment_px, request.alignment_px);
  std::vector<unsigned char> covered(static_cast<std::size_t>(plan.frame_width_px) * plan.frame_height_px);
  for (const Tile& tile : plan.tiles) {
    const Rect& w = tile.window;
    const Rect& c = tile.core;
    ASSERT_EQ(w.width_px, plan.window_width_px);
    ASSERT_EQ(w.height_px, plan.window_height_px);
    ASSERT_TRUE(aligned(w, plan.alignment_px) && aligned(c, plan.alignment_px));
    ASSERT_TRUE(w.x_px >= 0 && w.y_px >= 0 && w.x_px + w.width_px <= plan.frame_width_px &&
                w.y_px + w.height_px <= plan.frame_height_px);
    ASSERT_TRUE(c.width_px > 0 && c.height_px > 0);
    ASSERT_TRUE(c.x_px >= w.x_px && c.y_px >= w.y_px);
    ASSERT_TRUE(
        keeps_halo(w.x_px, c.x_px, c.x_px + c.width_px, w.x_px + w.width_px, plan.frame_width_px, plan.halo_px));
    ASSERT_TRUE(
        keeps_halo(w.y_px, c.y_px, c.y_px + c.height_px, w.y_px + w.height_px, plan.frame_height_px, plan.halo_px));
    for (int y = c.y_px; y < c.y_px + c.height_px; ++y)
      for (int x = c.x_px; x < c.x_px + c.width_px; ++x)
        ++covered[static_cast<std::size_t>(y) * plan.frame_width_px + x];
  }
  ASSERT_TRUE(std::ranges::all_of(covered, [](unsigned char times) { return times == 1; }));
}

/// FFDNet's halo and alignment.
TileRequest ffdnet(int width_px, int height_px) {
  return {.frame_width_px = width_px,
          .frame_height_px = height_px,
          .halo_px = 32,
          .alignment_px = 2,
          .core_size_px = 0,
          .n_threads = 2};
}

TEST(TilePlan, plans_of_small_frames_are_sound) {
  for (const int alignment : {1, 2, 4})
    for (const int halo : {0, alignment, 3 * alignment})
      for (const int n_threads : {1, 2, 3})
        for (int width = alignment; width <= 9 * alignment; width += alignment)
          for (int height = alignment; height <= 40 * alignment; height += 3 * alignment)
            for (const int max_window_px : {1, 30 * alignment * alignment, 200 * alignment * alignment})
              expect_sound({.frame_width_px = width,
                            .frame_height_px = height,
                            .halo_px = halo,
                            .alignment_px = alignment,
                            .core_size_px = 0,
                            .n_threads = n_threads,
                            .max_window_px = max_window_px});
}

TEST(TilePlan, plans_of_a_wished_core_are_sound) {
  for (const int alignment : {1, 2, 4})
    for (const int halo : {0, alignment, 4 * alignment})
      for (const int core_size : {1, 3, 8, 1000})
        for (int width = alignment; width <= 30 * alignment; width += alignment)
          for (const int height : {alignment, 7 * alignment, 29 * alignment})
            expect_sound({.frame_width_px = width,
                          .frame_height_px = height,
                          .halo_px = halo,
                          .alignment_px = alignment,
                          .core_size_px = core_size});
}

TEST(TilePlan, plans_of_picture_sizes_are_sound) {
  for (const auto& [width, height] :
       {std::pair{1920, 1080}, {3840, 2160}, {1280, 720}, {640, 480}, {6016, 4016}, {2, 5000}, {5000, 2}, {1366, 768}})
    for (const int n_threads : {1, 2, 7, 16}) {
      TileRequest request = ffdnet(width, height);
      request.n_threads = n_threads;
      expect_sound(request);
      request.halo_px = 17;
      request.alignment_px = 1;
      expect_sound(request);
    }
}

TEST(TilePlan, windows_keep_the_limit_where_the_halo_lets_them) {
  for (int width = 2; width < 3000; width += 62)
    for (const int height : {2, 480, 1080, 2160}) {
      const TileRequest request = ffdnet(width, height);
      const TilePlan plan = plan_tiles(request);
      EXPECT_LE(std::int64_t{plan.window_width_px} * plan.window_height_px, request.max_window_px) << text(request);
    }
}

TEST(TilePlan, a_frame_within_the_halo_is_one_window) {
  for (const int size : {2, 30, 64}) {
    const TilePlan plan = plan_tiles(ffdnet(size, size));
    ASSERT_EQ(plan.tiles.size(), 1U);
    EXPECT_EQ(plan.tiles[0], (Tile{{0, 0, size, size}, {0, 0, size, size}}));
    EXPECT_EQ(plan.halo_overhead(), 0.0);
  }
}

TEST(TilePlan, halo_of_a_full_hd_frame_costs_at_most_15_percent) {
  EXPECT_LE(plan_tiles(ffdnet(1920, 1080)).halo_overhead(), 0.15);
}

TEST(TilePlan, no_round_of_full_hd_leaves_a_thread_idle) {
  for (const int n_threads : {2, 4, 8}) {
    TileRequest request = ffdnet(1920, 1080);
    request.n_threads = n_threads;
    EXPECT_EQ(plan_tiles(request).tiles.size() % static_cast<std::size_t>(n_threads), 0U) << n_threads;
  }
}

TEST(TilePlan, a_small_frame_is_split_if_that_is_sooner_done) {
  TileRequest request = ffdnet(512, 512);
  request.n_threads = 1;
  EXPECT_EQ(plan_tiles(request).tiles.size(), 1U);
  request.n_threads = 2;
  EXPECT_EQ(plan_tiles(request).tiles.size(), 2U);
}

TEST(TilePlan, cost_is_the_least_of_all_grids) {
  // The plain twin of the search: every number of columns and rows, windows as small as they may be.
  const auto split = [](int frame, int halo, int count) {
    const int step = (std::max((frame - 2 * halo + count - 1) / count, 1) + 1) / 2 * 2;
    return step >= frame - 2 * halo ? std::pair{1, frame}
                                    : std::pair{(frame - 2 * halo + step - 1) / step, 2 * halo + step};
  };
  for (const auto& [width, height] : {std::pair{1920, 1080}, {700, 1302}, {64, 2000}, {998, 130}})
    for (const int n_threads : {1, 2, 3, 5}) {
      TileRequest request = ffdnet(width, height);
      request.n_threads = n_threads;
      request.max_window_px = 400 * 400;
      std::int64_t least = std::numeric_limits<std::int64_t>::max();
      for (int columns = 1; columns < 30; ++columns)
        for (int rows = 1; rows < 60; ++rows) {
          const auto [n_x, window_x] = split(width, request.halo_px, columns);
          const auto [n_y, window_y] = split(height, request.halo_px, rows);
          const std::int64_t area = std::int64_t{window_x} * window_y;
          if (area > request.max_window_px) continue;
          least = std::min(least, (n_x * n_y + n_threads - 1) / n_threads * area);
        }
      const TilePlan plan = plan_tiles(request);
      const auto rounds = (static_cast<std::int64_t>(plan.tiles.size()) + n_threads - 1) / n_threads;
      EXPECT_EQ(rounds * plan.window_width_px * plan.window_height_px, least) << text(request);
    }
}

TEST(TilePlan, requests_that_make_no_sense_are_refused) {
  const auto refused = [](auto change) {
    TileRequest request = ffdnet(1920, 1080);
    change(request);
    try {
      (void)plan_tiles(request);
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
    return false;
  };
  EXPECT_TRUE(refused([](TileRequest& r) { r.frame_width_px = 0; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.frame_height_px = -2; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.frame_width_px = 1919; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.halo_px = 31; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.halo_px = -2; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.alignment_px = 0; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.n_threads = 0; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.core_size_px = -1; }));
  EXPECT_TRUE(refused([](TileRequest& r) { r.max_window_px = 0; }));
}

}  // namespace
}  // namespace rdenoise

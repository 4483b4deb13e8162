// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <rdenoise/parallel.hpp>
#include <stdexcept>
#include <vector>

namespace rdenoise {
namespace {

TEST(Wavefront, every_tile_runs_once) {
  for (const int n_threads : {1, 2, 0}) {
    WorkerPool pool(n_threads);
    for (const Wavefront grid : {Wavefront{0, 0}, {1, 1}, {7, 1}, {1, 7}, {5, 6}, {5, 6, 1}, {5, 6, 2}}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(grid.columns) * grid.rows);
      pool.run_wavefront(grid, [&](int, WavefrontTile& tile) {
        ++times[static_cast<std::size_t>(tile.row()) * grid.columns + tile.column()];
      });
      for (const auto& n : times) EXPECT_EQ(n, 1);
    }
  }
}

TEST(Wavefront, a_tile_finds_each_step_of_its_neighbours_finished) {
  // Each step counts the steps that lie before it; plain ints, so that a thread sanitiser would see a lack of order.
  constexpr int n_steps = 5;
  WorkerPool pool(0);
  const Wavefront grid{6, 5, 3};
  std::vector<std::vector<int>> paths(static_cast<std::size_t>(grid.columns) * grid.rows, std::vector<int>(n_steps, 0));
  pool.run_wavefront(grid, [&](int, WavefrontTile& tile) {
    const auto at = [&](int column, int row) -> std::vector<int>& {
      return paths[static_cast<std::size_t>(row) * grid.columns + column];
    };
    for (int step = 0; step < n_steps; ++step) {
      tile.await_neighbours(step);
      const int left = tile.column() > 0 ? at(tile.column() - 1, tile.row())[step] : 0;
      const int above = tile.row() > 0 ? at(tile.column(), tile.row() - 1)[step] : 0;
      at(tile.column(), tile.row())[step] = std::max(left, above) + 1;
      tile.finish(step);
    }
  });
  for (int row = 0; row < grid.rows; ++row)
    for (int column = 0; column < grid.columns; ++column)
      for (const int length : paths[static_cast<std::size_t>(row) * grid.columns + column])
        EXPECT_EQ(length, row + column + 1);
}

TEST(Wavefront, no_more_rows_are_under_way_than_allowed) {
  WorkerPool pool(0);
  const Wavefront grid{3, 9, 2};
  std::vector<std::atomic<int>> ended(9);
  std::atomic<int> too_early = 0;
  pool.run_wavefront(grid, [&](int, WavefrontTile& tile) {
    if (tile.row() >= 2 && ended[static_cast<std::size_t>(tile.row()) - 2] != grid.columns) ++too_early;
    ++ended[static_cast<std::size_t>(tile.row())];
  });
  EXPECT_EQ(too_early, 0);
}

TEST(Wavefront, an_exception_ends_those_who_wait_and_is_rethrown) {
  for (const int n_threads : {1, 2}) {
    WorkerPool pool(n_threads);
    EXPECT_THROW(pool.run_wavefront({4, 4},
                                    [&](int, WavefrontTile& tile) {
                                      if (tile.column() == 0 && tile.row() == 0) throw std::runtime_error("first");
                                      tile.await_neighbours(0);
                                    }),
                 std::runtime_error);
    int runs = 0;
    WorkerPool(1).run_wavefront({2, 2}, [&](int, WavefrontTile&) { ++runs; });
    EXPECT_EQ(runs, 4);
  }
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Who computes which tile of a wavefront, and who waits for whom.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <rdenoise/parallel.hpp>
#include <thread>
#include <vector>

#include "base/worker_cores.hpp"

namespace rdenoise {

/// A tile is taken once its left and upper neighbours are taken. So whoever waits, waits for a tile that a running
/// worker has, and the first of them all waits for nobody.
class WavefrontSchedule {
 public:
  WavefrontSchedule(const Wavefront& grid, WorkerCores& cores);

  /// Takes tiles and runs their jobs until there is none left; called by any number of threads. The one that made the
  /// schedule also waits until all have ended.
  void work(int worker, const std::function<void(int worker, WavefrontTile& tile)>& job);
  /// Rethrows what the first job that failed has thrown.
  void rethrow() const;

 private:
  class Tile;
  /// Another job has failed: the one that waits must end too.
  struct Abandoned {};

  static constexpr int not_taken = -2;
  static constexpr int taken = -1;       ///< no step finished yet
  static constexpr int ended = 1 << 30;  ///< after all steps

  [[nodiscard]] int index(int column, int row) const noexcept { return row * grid_.columns + column; }
  [[nodiscard]] int column_of(int tile) const noexcept { return tile % grid_.columns; }
  [[nodiscard]] int row_of(int tile) const noexcept { return tile / grid_.columns; }
  /// The least progress among the tiles that this one depends on.
  [[nodiscard]] int progress_before(int tile) const noexcept;
  [[nodiscard]] bool row_may_begin(int row) const noexcept;
  /// −1: none can be taken now.
  [[nodiscard]] int choose(int last_tile) const noexcept;
  /// Of the tiles under way the first one, whose worker others wait for; −1: none.
  [[nodiscard]] int worker_of_first() const noexcept;
  /// The worker at the tile that this one depends on and that is less far; −1: none.
  [[nodiscard]] int worker_before(int tile) const noexcept;
  [[nodiscard]] int take(int worker, int last_tile);
  void set_progress(int tile, int step);
  void await(int worker, int tile, int step);
  void abandon();

  Wavefront grid_;
  WorkerCores& cores_;
  std::thread::id maker_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> progress_;    ///< by tile: the last step finished
  std::vector<int> first_open_;  ///< by row: the first column not taken
  std::vector<int> workers_;     ///< by tile: who has taken it
  int n_open_;                   ///< tiles not taken
  int n_unended_;
  std::exception_ptr error_;
};

}  // namespace rdenoise

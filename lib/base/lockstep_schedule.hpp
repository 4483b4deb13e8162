// SPDX-License-Identifier: LGPL-2.1-or-later
// Who takes which step of which band.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <rdenoise/parallel.hpp>
#include <thread>
#include <vector>

#include "base/worker_cores.hpp"

namespace rdenoise {

/// A worker takes one step at a time and belongs to no band. So it waits only while others are at work, and any number
/// of workers, one included, comes to the end: of the bands that are furthest behind, each may always go on.
class LockstepSchedule {
 public:
  LockstepSchedule(const Lockstep& grid, WorkerCores& cores);

  /// Takes steps and runs them until there is none left; called by any number of threads. The one that made the
  /// schedule also waits until all have ended.
  void work(int worker, const std::function<void(int band, int step)>& job);
  /// Rethrows what the first step that failed has thrown.
  void rethrow() const;

 private:
  static constexpr int nobody = -1;
  struct Band {
    int next_step = 0;
    int taken_by = nobody;
  };

  [[nodiscard]] bool may_go_on(int band) const noexcept;
  /// Of the bands that may go on the one furthest behind; among those the worker's last. −1: none.
  [[nodiscard]] int choose(int last_band) const noexcept;
  /// Gives back the band whose step is done and takes the next, when there is one; −1: nothing is left to do.
  [[nodiscard]] int exchange(int worker, int last_band);
  // Under the lock:
  /// Nothing is left for this thread.
  [[nodiscard]] bool is_over() const noexcept;
  [[nodiscard]] int take(int worker, int last_band);
  /// The worker at the band that is furthest behind.
  [[nodiscard]] int worker_furthest_behind() const noexcept;
  void give_back(int band);
  void show_change();
  void abandon();

  Lockstep grid_;
  WorkerCores& cores_;
  std::thread::id maker_ = std::this_thread::get_id();
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Band> bands_;
  int n_open_;        ///< steps not taken
  int n_unfinished_;  ///< bands
  int n_asleep_ = 0;
  std::atomic<unsigned> n_changes_ = 0;
  std::exception_ptr error_;
};

}  // namespace rdenoise

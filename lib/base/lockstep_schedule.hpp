// SPDX-License-Identifier: LGPL-2.1-or-later
// Who takes which step of which band.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <rdenoise/parallel.hpp>
#include <vector>

namespace rdenoise {

/// A worker takes one step at a time and belongs to no band. So it waits only while others are at work, and any number
/// of workers, one included, comes to the end: of the bands that are furthest behind, each may always go on.
class LockstepSchedule {
 public:
  explicit LockstepSchedule(const Lockstep& grid);

  /// Takes steps and runs them until there is none left; called by any number of threads.
  void work(const std::function<void(int band, int step)>& job);
  /// Rethrows what the first step that failed has thrown.
  void rethrow() const;

 private:
  struct Band {
    int next_step = 0;
    bool is_taken = false;
  };

  [[nodiscard]] bool may_go_on(int band) const noexcept;
  /// Of the bands that may go on the one furthest behind; among those the worker's last. −1: none.
  [[nodiscard]] int choose(int last_band) const noexcept;
  /// Gives back the band whose step is done and takes the next, when there is one; −1: nothing is left to do.
  [[nodiscard]] int exchange(int last_band);
  // Under the lock:
  [[nodiscard]] bool is_over() const noexcept { return error_ || n_unfinished_ == 0; }
  [[nodiscard]] int take(int last_band);
  void give_back(int band);
  void show_change();
  void abandon();

  Lockstep grid_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Band> bands_;
  int n_unfinished_;
  int n_asleep_ = 0;
  std::atomic<unsigned> n_changes_ = 0;
  std::exception_ptr error_;
};

}  // namespace rdenoise

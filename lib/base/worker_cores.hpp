// SPDX-License-Identifier: LGPL-2.1-or-later
// Which cores the workers of a pool run on, beside other processes.
#pragma once

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace rdenoise {

/// Beside a busy process two things go wrong that the system leaves so. A thread that is woken while no core is idle is
/// put where the one that woke it runs: two workers then share a core and the other process has one to itself, which
/// counts as balanced. And a worker waits for another that waits for the other process to use up its slice of several
/// milliseconds, while its own core lies idle.
///
/// So a worker that finds itself on the core of another one moves on, and one that waits lends its core to whom it
/// waits for if that one does not run. Nobody is held anywhere: the system may move each thread again.
///
/// threads  safe; a worker calls with its own number
class WorkerCores {
 public:
  explicit WorkerCores(int n_workers);

  /// No worker is at work. Called before they begin.
  void forget() noexcept;
  /// Called by a worker between two pieces of work. Takes some nanoseconds if it need not move.
  void keep_apart(int worker) noexcept;
  /// The worker has no work for now: it is in nobody's way.
  void rest(int worker) noexcept;
  /// Waits until is_over(), which is called under the lock and once more after each change.
  /// awaited  returns the worker to whom to lend this one's core, −1 if there is none; under the lock
  template <typename IsOver, typename Awaited>
  void wait(int worker, std::unique_lock<std::mutex>& lock, std::condition_variable& changed, const IsOver& is_over,
            const Awaited& awaited) {
    if (is_over()) return;
    rest(worker);
    for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
      const int holder = awaited();
      const std::int64_t before_ns = run_time_ns(holder);
      if (changed.wait_for(lock, pause, is_over)) return;
      if (holder == awaited() && run_time_ns(holder) == before_ns) lend_core_to(holder);
    }
  }

  /// The first worker at work beside this one, −1: none.
  [[nodiscard]] int another_at_work(int worker) const noexcept;
  /// Of a worker at work: where it last was. −1: not known.
  [[nodiscard]] int core_of(int worker) const noexcept;
  /// Moves a worker at work to where the caller runs, who is about to sleep.
  void lend_core_to(int worker) noexcept;

 private:
  struct Place {
    std::atomic<int> core;
    std::atomic<pid_t> thread;
    std::atomic<int> lent_core;  ///< by somebody who will want it back
  };

  /// Shorter than a time slice by far, longer than waking up takes.
  static constexpr std::chrono::microseconds first_pause{50};
  static constexpr std::chrono::microseconds longest_pause{1000};

  [[nodiscard]] bool is_taken(int core, int worker) const noexcept;
  /// Processor time of the worker's thread so far; −1: not known.
  [[nodiscard]] std::int64_t run_time_ns(int worker) const noexcept;
  /// Of `allowed` those where no other worker is; empty if that is none.
  [[nodiscard]] std::optional<cpu_set_t> free_cores(cpu_set_t allowed, int worker) const noexcept;

  std::vector<Place> places_;  // by worker
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Workers of one pool on cores of their own.
#pragma once

#include <atomic>
#include <vector>

namespace rdenoise {

/// Beside a busy process no core is idle, and a thread that is woken is put where the one that woke it runs. Then two
/// workers share a core while the other process has one to itself; two on one core and one on the other count as
/// balanced, so it stays like that, and a frame takes twice its time. A worker that finds itself where another one is
/// moves on. It is not held there: what comes then is for the system to decide, as it was before.
class CoreSpread {
 public:
  explicit CoreSpread(int n_workers);

  /// Called by a worker between two pieces of work, with its number. Costs next to nothing if it need not move.
  void keep_apart(int worker) noexcept;
  /// Nobody is at work.
  void forget() noexcept;
  /// Where the worker last was; −1: not known.
  [[nodiscard]] int core_of(int worker) const noexcept;

 private:
  [[nodiscard]] bool is_taken(int core, int worker) const noexcept;
  void move_on(int worker) const noexcept;

  std::vector<std::atomic<int>> cores_;  // by worker
};

}  // namespace rdenoise

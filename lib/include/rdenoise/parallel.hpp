// SPDX-License-Identifier: LGPL-2.1-or-later
// Work in parallel: the one place that knows TBB.
#pragma once

#include <functional>
#include <memory>

namespace rdenoise {

/// A grid of tiles in which each needs what its left and its upper neighbour have already done, step by step.
struct Wavefront {
  int columns = 0;
  int rows = 0;
  /// How many rows may be under way at the same time: row j begins when row j − rows_in_flight has ended, so that what
  /// a row keeps for itself can be handed down. 0: any number.
  int rows_in_flight = 0;
};

/// One tile of a wavefront, as its job sees it.
class WavefrontTile {
 public:
  virtual ~WavefrontTile() = default;
  [[nodiscard]] virtual int column() const noexcept = 0;
  [[nodiscard]] virtual int row() const noexcept = 0;
  /// Returns when both neighbours have finished `step`; they then see nothing of this tile, and it all of theirs.
  virtual void await_neighbours(int step) = 0;
  /// This tile has finished all steps up to `step`, 0, 1, …; what it wrote is seen by the neighbours that wait for it.
  virtual void finish(int step) = 0;
};

/// Bands that all take the same steps, and each step needs what the bands next to it have done in the step before.
struct Lockstep {
  int bands = 0;
  int steps = 0;
};

/// Runs independent jobs in a TBB arena of n threads of its own; each worker pins OpenMP to one thread. Called by work
/// that SharedCores runs, it uses those threads that are free there instead of its own. Workers keep to cores of their
/// own, and who waits lends its core to a worker that another process holds up: threads are moved for that, never held.
class WorkerPool {
 public:
  /// n_threads  at most this many, and never more than the process may use (its CPU affinity); 0: as many as that
  explicit WorkerPool(int n_threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] int n_threads() const noexcept;

  /// Calls job(worker, index) for every index in [0, count), in any order; worker in [0, n_threads) names who runs it,
  /// so that per-worker memory needs no lock. Returns when all are done. The first exception is rethrown, the rest is
  /// cancelled. One run at a time.
  void run(int count, const std::function<void(int worker, int index)>& job);

  /// Calls job(worker, tile) once for every tile of the grid. A job may begin while its neighbours are under way; it
  /// meets them in await_neighbours. Workers prefer tiles whose neighbours have ended, and among those the one to the
  /// right of their last. Errors as in run.
  void run_wavefront(const Wavefront& grid, const std::function<void(int worker, WavefrontTile& tile)>& job);

  /// Calls job(band, step) once for every step of every band, in order within a band. Step s begins when the bands
  /// beside it have ended step s − 1; so none of the three is more than a step ahead of the next. Any worker takes any
  /// step, the ones furthest behind first; it sees what the steps before have written. Errors as in run.
  void run_lockstep(const Lockstep& grid, const std::function<void(int band, int step)>& job);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Splits [0, count) into bands of at least `least_band`, a few for each thread, and calls job(begin, end) for each, in
/// any order. For work of a few milliseconds and more that keeps no memory from call to call.
///
/// n_threads  as for WorkerPool; with one thread, or for a single band, the caller's thread does it all
void parallel_bands(int count, int least_band, int n_threads, const std::function<void(int begin, int end)>& job);

/// One TBB arena for many callers: however many threads ask, no more than n_threads compute at a time. For pipelines in
/// which each file has a thread of its own that reads and writes, and hands its computing in here.
class SharedCores {
 public:
  /// n_threads  as for WorkerPool
  explicit SharedCores(int n_threads);
  ~SharedCores();
  SharedCores(const SharedCores&) = delete;
  SharedCores& operator=(const SharedCores&) = delete;

  [[nodiscard]] int n_threads() const noexcept;

  /// Runs `work` in the arena, on this thread or another, and returns when it is done; what it throws is rethrown. Each
  /// WorkerPool and each parallel_bands that `work` calls splits its jobs among the arena's threads that are free, at
  /// most its own n_threads of them; a thread that waits for its jobs takes no other caller's work.
  /// threads  any number at a time
  void run(const std::function<void()>& work);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Cores this process may use (its CPU affinity).
[[nodiscard]] int available_cores() noexcept;

}  // namespace rdenoise

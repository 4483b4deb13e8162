// SPDX-License-Identifier: LGPL-2.1-or-later
#include <omp.h>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_scheduler_observer.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>

#include "base/last_jobs.hpp"
#include "base/lockstep_schedule.hpp"
#include "base/one_openmp_thread.hpp"
#include "base/wavefront_schedule.hpp"
#include "base/worker_cores.hpp"

namespace rdenoise {
namespace {

/// Jobs are the parallel unit: one that starts an OpenMP region must find one thread there, not all cores again.
class OpenMpPin final : public tbb::task_scheduler_observer {
 public:
  explicit OpenMpPin(tbb::task_arena& arena) : tbb::task_scheduler_observer(arena) { observe(true); }
  ~OpenMpPin() override { observe(false); }
  void on_scheduler_entry(bool /*is_worker*/) override { omp_set_num_threads(1); }
};

/// True on a thread that works for SharedCores.
thread_local bool in_shared_cores = false;

class InSharedCores {
 public:
  InSharedCores() noexcept : before_(std::exchange(in_shared_cores, true)) {}
  ~InSharedCores() { in_shared_cores = before_; }
  InSharedCores(const InSharedCores&) = delete;
  InSharedCores& operator=(const InSharedCores&) = delete;

 private:
  bool before_;
};

class Turn {
 public:
  explicit Turn(std::counting_semaphore<>& turns) : turns_(turns) { turns_.acquire(); }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<>& turns_;
};

/// The jobs in the arena that this thread is in. Each strand is a worker; a strand that starts late finds less to do,
/// or nothing.
void run_strands(int strand_count, int count, const std::function<void(int worker, int index)>& job) {
  std::atomic<int> next = 0;
  // While waiting for the other strands, this thread must not begin another caller's work: that may take minutes.
  tbb::this_task_arena::isolate([&] {
    tbb::task_group_context context(tbb::task_group_context::isolated);
    tbb::parallel_for(
        tbb::blocked_range<int>(0, strand_count),
        [&](const tbb::blocked_range<int>& range) {
          const InSharedCores inside;
          for (int strand = range.begin(); strand < range.end(); ++strand) {
            for (int index = next++; index < count && !context.is_group_execution_cancelled(); index = next++)
              job(strand, index);
          }
        },
        tbb::simple_partitioner(), context);
  });
}

int checked(int n_threads) {
  if (n_threads < 0)
    throw Error(ErrorCode::invalid_argument,
                "making worker pool: expected 0 (all cores) or more threads, found " + std::to_string(n_threads));
  // TBB would ignore the request for more than the cores, with a warning on stderr.
  return n_threads == 0 ? available_cores() : std::min(n_threads, available_cores());
}

}  // namespace

struct WorkerPool::Impl {
  explicit Impl(int threads) : n_threads(threads), cores(threads), arena(threads), pin(arena) {}

  int n_threads;
  WorkerCores cores;
  tbb::task_arena arena;
  OpenMpPin pin;
};

WorkerPool::WorkerPool(int n_threads) : impl_(std::make_unique<Impl>(checked(n_threads))) {}

WorkerPool::~WorkerPool() = default;

int WorkerPool::n_threads() const noexcept { return impl_->n_threads; }

void WorkerPool::run(int count, const std::function<void(int worker, int index)>& job) {
  if (count < 1) return;
  impl_->cores.forget();
  LastJobs jobs(count, impl_->cores);
  const auto counted = [&](int worker, int index) {
    const CountedJob at_work(jobs, worker);
    job(worker, index);
  };
  if (in_shared_cores) return run_strands(std::min(impl_->n_threads, count), count, std::cref(counted));
  // The calling thread belongs to somebody else: it gets its number of OpenMP threads back.
  const OneOpenMpThread kept;
  impl_->arena.execute([&] {
    // Own context: a cancelled region around the caller is not ours.
    tbb::task_group_context context(tbb::task_group_context::isolated);
    tbb::parallel_for(
        tbb::blocked_range<int>(0, count),
        [&](const tbb::blocked_range<int>& range) {
          for (int i = range.begin(); i < range.end(); ++i) counted(tbb::this_task_arena::current_thread_index(), i);
        },
        tbb::simple_partitioner(), context);
  });
}

void WorkerPool::run_wavefront(const Wavefront& grid, const std::function<void(int worker, WavefrontTile& tile)>& job) {
  WavefrontSchedule schedule(grid, impl_->cores);
  // Each worker goes on as long as there are tiles. One that TBB sends late, or never, leaves them to the others.
  run(impl_->n_threads, [&](int worker, int) { schedule.work(worker, job); });
  schedule.rethrow();
}

void WorkerPool::run_lockstep(const Lockstep& grid, const std::function<void(int band, int step)>& job) {
  LockstepSchedule schedule(grid, impl_->cores);
  run(std::min(impl_->n_threads, grid.bands), [&](int worker, int) { schedule.work(worker, job); });
  schedule.rethrow();
}

void parallel_bands(int count, int least_band, int n_threads, const std::function<void(int begin, int end)>& job) {
  if (count < 1) return;
  const int threads = checked(n_threads);
  // Several bands a thread, so that one that is held up does not hold up all.
  constexpr int bands_per_thread = 4;
  const int band_count = std::min(threads * bands_per_thread, count / std::max(least_band, 1));
  if (threads == 1 || band_count <= 1) return job(0, count);
  const auto begin_of = [&](int band) {
    return static_cast<int>(static_cast<std::int64_t>(count) * band / band_count);
  };
  WorkerPool pool(threads);
  pool.run(band_count, [&](int, int band) { job(begin_of(band), begin_of(band + 1)); });
}

struct SharedCores::Impl {
  explicit Impl(int threads) : n_threads(threads), turns(threads), arena(threads), pin(arena) {}

  int n_threads;
  /// A caller who finds an arena of one thread taken would be given a second thread there.
  std::counting_semaphore<> turns;
  tbb::task_arena arena;
  OpenMpPin pin;
};

SharedCores::SharedCores(int n_threads) : impl_(std::make_unique<Impl>(checked(n_threads))) {}

SharedCores::~SharedCores() = default;

int SharedCores::n_threads() const noexcept { return impl_->n_threads; }

void SharedCores::run(const std::function<void()>& work) {
  const OneOpenMpThread kept;
  const Turn turn(impl_->turns);
  impl_->arena.execute([&] {
    const InSharedCores inside;
    work();
  });
}

int available_cores() noexcept {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(CPU_COUNT(&set), 1);
  // More processors than cpu_set_t holds.
  return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// How the caller of a run waits for the jobs that others are at.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/worker_cores.hpp"

namespace rdenoise {

/// Counts the jobs of a run. Once all have begun, the thread that made this waits for those that have not ended, and
/// lends its core; TBB would let it wait for a time slice of whatever process holds them up.
/// threads  safe
class LastJobs {
 public:
  LastJobs(int n_jobs, WorkerCores& cores) : n_jobs_(n_jobs), cores_(cores) {}

  void begin(int worker) noexcept;
  void end(int worker);

 private:
  const int n_jobs_;
  WorkerCores& cores_;
  const std::thread::id maker_ = std::this_thread::get_id();
  std::atomic<int> n_begun_ = 0;
  std::atomic<int> n_ended_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// A job counts as ended when it throws, too.
class CountedJob {
 public:
  CountedJob(LastJobs& jobs, int worker) : jobs_(jobs), worker_(worker) { jobs_.begin(worker_); }
  ~CountedJob() { jobs_.end(worker_); }
  CountedJob(const CountedJob&) = delete;
  CountedJob& operator=(const CountedJob&) = delete;

 private:
  LastJobs& jobs_;
  int worker_;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <rdenoise/parallel.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

namespace rdenoise {
namespace {

/// Counts how many are inside at the same time.
class Crowd {
 public:
  void visit() {
    const int inside = ++inside_;
    int most = most_;
    while (inside > most && !most_.compare_exchange_weak(most, inside)) {
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    --inside_;
  }
  [[nodiscard]] int most() const { return most_; }

 private:
  std::atomic<int> inside_ = 0;
  std::atomic<int> most_ = 0;
};

TEST(SharedCores, many_callers_with_pools_of_their_own_never_compute_on_more_than_n_threads) {
  for (const int n_threads : {1, 2}) {
    SharedCores cores(n_threads);
    Crowd crowd;
    std::vector<std::atomic<int>> times(4 * 50);
    {
      std::vector<std::jthread> callers;
      for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&, caller] {
          WorkerPool pool(2);
          cores.run([&] {
            pool.run(50, [&](int, int index) {
              crowd.visit();
              ++times[static_cast<std::size_t>(caller * 50 + index)];
            });
          });
        });
      }
    }
    EXPECT_LE(crowd.most(), cores.n_threads());
    EXPECT_TRUE(std::ranges::all_of(times, [](const auto& n) { return n == 1; }));
  }
}

TEST(SharedCores, a_worker_of_a_nested_pool_runs_one_job_at_a_time_and_has_an_index_below_n_threads) {
  SharedCores cores(0);
  std::atomic<int> clashes = 0;
  cores.run([&] {
    WorkerPool pool(2);
    std::vector<std::atomic<bool>> busy(static_cast<std::size_t>(pool.n_threads()));
    pool.run(100, [&](int worker, int) {
      if (busy.at(static_cast<std::size_t>(worker)).exchange(true)) ++clashes;
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      busy[static_cast<std::size_t>(worker)] = false;
    });
  });
  EXPECT_EQ(clashes, 0);
}

TEST(SharedCores, bands_cover_every_index_once) {
  SharedCores cores(0);
  std::vector<std::atomic<int>> times(1000);
  cores.run([&] {
    parallel_bands(1000, 10, 0, [&](int begin, int end) {
      for (int i = begin; i < end; ++i) ++times[static_cast<std::size_t>(i)];
    });
  });
  EXPECT_TRUE(std::ranges::all_of(times, [](const auto& n) { return n == 1; }));
}

TEST(SharedCores, what_the_work_or_a_nested_job_throws_reaches_the_caller) {
  SharedCores cores(2);
  EXPECT_THROW(cores.run([] { throw std::runtime_error("work"); }), std::runtime_error);
  WorkerPool pool(2);
  EXPECT_THROW(cores.run([&] {
    pool.run(100, [](int, int index) {
      if (index == 3) throw std::runtime_error("job");
    });
  }),
               std::runtime_error);
  int done = 0;
  cores.run([&] { ++done; });
  EXPECT_EQ(done, 1);
}

TEST(SharedCores, a_pool_used_outside_afterwards_has_its_own_threads_again) {
  WorkerPool pool(2);
  SharedCores cores(1);
  cores.run([&] { pool.run(10, [](int, int) {}); });
  std::atomic<int> count = 0;
  pool.run(10, [&](int, int) { ++count; });
  EXPECT_EQ(count, 10);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <set>
#include <thread>

namespace rdenoise {
namespace {

int threads_of_process() {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

/// Sums on OpenMP, as oneDNN would; with more than one OpenMP thread this makes new threads.
double openmp_sum() {
  double sum = 0.0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < 1000; ++i) sum += i;
  return sum;
}

TEST(WorkerPool, every_index_runs_once) {
  for (const int n_threads : {1, 2, 0}) {
    WorkerPool pool(n_threads);
    for (const int count : {0, 1, 2, 257}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(count));
      pool.run(count, [&](int, int index) { ++times.at(static_cast<std::size_t>(index)); });
      EXPECT_TRUE(std::ranges::all_of(times, [](const auto& n) { return n == 1; })) << n_threads << " " << count;
    }
  }
}

TEST(WorkerPool, a_worker_runs_one_job_at_a_time_and_has_an_index_below_n_threads) {
  WorkerPool pool(0);
  std::vector<std::atomic<bool>> busy(static_cast<std::size_t>(pool.n_threads()));
  std::atomic<int> clashes = 0;
  pool.run(200, [&](int worker, int) {
    if (busy.at(static_cast<std::size_t>(worker)).exchange(true)) ++clashes;
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    busy[static_cast<std::size_t>(worker)] = false;
  });
  EXPECT_EQ(clashes, 0);
}

TEST(WorkerPool, jobs_on_openmp_make_no_further_threads) {
  for (const int n_threads : {1, 2}) {
    WorkerPool pool(n_threads);
    std::mutex mutex;
    std::set<std::thread::id> seen;
    std::atomic<int> teams_of_one = 0;
    std::atomic<int> most_threads = 0;
    // TBB's pool is the process's: workers of an earlier pool may sleep there.
    const int before = threads_of_process();
    pool.run(64, [&](int, int) {
      if (omp_get_max_threads() == 1) ++teams_of_one;
      EXPECT_EQ(openmp_sum(), 499500.0);
      most_threads = std::max(most_threads.load(), threads_of_process());
      const std::scoped_lock lock(mutex);
      seen.insert(std::this_thread::get_id());
    });
    EXPECT_EQ(teams_of_one, 64);
    EXPECT_LE(seen.size(), static_cast<std::size_t>(n_threads));
    EXPECT_LE(most_threads, before + n_threads - 1);
  }
}

TEST(WorkerPool, one_thread_is_the_calling_thread) {
  WorkerPool pool(1);
  pool.run(10, [caller = std::this_thread::get_id()](int worker, int) {
    EXPECT_EQ(worker, 0);
    EXPECT_EQ(std::this_thread::get_id(), caller);
  });
}

TEST(WorkerPool, the_caller_gets_its_openmp_threads_back) {
  omp_set_num_threads(3);
  WorkerPool pool(2);
  pool.run(4, [](int, int) { EXPECT_EQ(omp_get_max_threads(), 1); });
  EXPECT_EQ(omp_get_max_threads(), 3);
}

TEST(WorkerPool, an_exception_reaches_the_caller_and_cancels_the_rest) {
  for (const int n_threads : {1, 2}) {
    WorkerPool pool(n_threads);
    std::atomic<int> ran = 0;
    const auto fail_at_once = [&](int, int index) {
      ++ran;
      throw Error(ErrorCode::internal, "job " + std::to_string(index));
    };
    EXPECT_THROW(pool.run(1000, fail_at_once), Error);
    // Each worker's first job throws, and it starts no other.
    EXPECT_LE(ran, n_threads);

    ran = 0;
    pool.run(10, [&](int, int) { ++ran; });
    EXPECT_EQ(ran, 10) << "usable after an exception";
  }
}

TEST(WorkerPool, zero_threads_means_the_cores_of_the_process) {
  cpu_set_t all;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(available_cores(), CPU_COUNT(&all));
  EXPECT_EQ(WorkerPool(0).n_threads(), CPU_COUNT(&all));

  std::thread([&] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(available_cores(), 1);
  }).join();
}

TEST(WorkerPool, more_threads_than_cores_are_not_made) {
  EXPECT_EQ(WorkerPool(available_cores() + 5).n_threads(), available_cores());
}

TEST(WorkerPool, fewer_than_zero_threads_are_refused) { EXPECT_THROW(WorkerPool(-1), Error); }

TEST(parallel_bands, bands_cover_the_range_once_and_are_no_thinner_than_wished) {
  for (const int n_threads : {0, 1, 2}) {
    for (const int count : {0, 1, 15, 16, 63, 1000}) {
      std::vector<std::atomic<int>> times(static_cast<std::size_t>(count));
      constexpr int least_band = 16;
      parallel_bands(count, least_band, n_threads, [&](int begin, int end) {
        EXPECT_GE(end - begin, std::min(count, least_band));
        for (int i = begin; i < end; ++i) ++times.at(static_cast<std::size_t>(i));
      });
      EXPECT_TRUE(std::ranges::all_of(times, [](const auto& n) { return n == 1; })) << n_threads << " " << count;
    }
  }
}

}  // namespace
}  // namespace rdenoise

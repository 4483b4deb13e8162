// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <rdenoise/parallel.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/lockstep_schedule.hpp"

namespace rdenoise {
namespace {

/// Steps done of each band; notices a step that begins too early, too late or twice.
class Bands {
 public:
  explicit Bands(const Lockstep& grid) : grid_(grid), done_(static_cast<std::size_t>(grid.bands)) {}

  void run(int band, int step) {
    if (done(band) != step) ++errors_;
    for (const int neighbour : {band - 1, band + 1})
      if (neighbour >= 0 && neighbour < grid_.bands && (done(neighbour) < step || done(neighbour) > step + 1))
        ++errors_;
    ++done_[static_cast<std::size_t>(band)];
  }
  [[nodiscard]] int done(int band) const { return done_[static_cast<std::size_t>(band)]; }
  void expect_all_done() const {
    EXPECT_EQ(errors_, 0);
    for (int band = 0; band < grid_.bands; ++band) EXPECT_EQ(done(band), grid_.steps);
  }

 private:
  Lockstep grid_;
  std::vector<std::atomic<int>> done_;
  std::atomic<int> errors_ = 0;
};

/// As WorkerPool does, with more workers than this machine may have cores.
void run_with_workers(int n_workers, LockstepSchedule& schedule, const std::function<void(int band, int step)>& job) {
  std::vector<std::jthread> workers;
  for (int i = 0; i < n_workers; ++i) workers.emplace_back([&schedule, &job, i] { schedule.work(i, job); });
}

TEST(Lockstep, a_step_begins_when_the_bands_beside_it_have_ended_the_step_before) {
  for (const int n_workers : {1, 2, 4, 7})
    for (const Lockstep grid : {Lockstep{1, 1}, {1, 9}, {2, 9}, {3, 1}, {5, 20}, {16, 3}}) {
      Bands bands(grid);
      WorkerCores cores(n_workers);
      LockstepSchedule schedule(grid, cores);
      run_with_workers(n_workers, schedule, [&](int band, int step) { bands.run(band, step); });
      bands.expect_all_done();
    }
}

TEST(Lockstep, workers_sleep_through_a_long_step_and_go_on_after_it) {
  const Lockstep grid{4, 3};
  Bands bands(grid);
  WorkerCores cores(3);
  LockstepSchedule schedule(grid, cores);
  run_with_workers(3, schedule, [&](int band, int step) {
    if (band == 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    bands.run(band, step);
  });
  bands.expect_all_done();
}

TEST(Lockstep, one_worker_takes_all_bands_through_a_step_before_the_next) {
  std::vector<int> steps;
  WorkerCores cores(1);
  LockstepSchedule schedule({3, 4}, cores);
  schedule.work(0, [&](int, int step) { steps.push_back(step); });
  EXPECT_EQ(steps, (std::vector<int>{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
}

TEST(Lockstep, who_made_the_schedule_leaves_last_and_others_when_no_step_is_left_to_take) {
  const Lockstep grid{2, 3};
  Bands bands(grid);
  WorkerCores cores(3);
  LockstepSchedule schedule(grid, cores);
  std::vector<std::jthread> others;
  for (const int worker : {1, 2})
    others.emplace_back([&, worker] {
      schedule.work(worker, [&](int band, int step) {
        if (step + 1 == grid.steps) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        bands.run(band, step);
      });
    });
  schedule.work(0, [&](int band, int step) { bands.run(band, step); });
  bands.expect_all_done();
}

TEST(Lockstep, nothing_to_do_ends_at_once) {
  for (const Lockstep grid : {Lockstep{0, 5}, {5, 0}, {0, 0}}) {
    WorkerCores cores(1);
    LockstepSchedule schedule(grid, cores);
    schedule.work(0, [](int, int) { ADD_FAILURE(); });
    WorkerPool(2).run_lockstep(grid, [](int, int) { ADD_FAILURE(); });
  }
}

TEST(Lockstep, the_first_error_is_rethrown_and_nobody_waits_for_the_step_that_failed) {
  for (const int n_threads : {1, 2}) {
    WorkerPool workers(n_threads);
    EXPECT_THROW(workers.run_lockstep({4, 6},
                                      [](int band, int step) {
                                        if (band == 2 && step == 3) throw std::runtime_error("failed");
                                      }),
                 std::runtime_error);
    // The pool goes on working.
    Bands bands({3, 3});
    workers.run_lockstep({3, 3}, [&](int band, int step) { bands.run(band, step); });
    bands.expect_all_done();
  }
}

TEST(Lockstep, runs_on_shared_cores_that_many_callers_ask_for) {
  SharedCores cores(2);
  std::vector<std::jthread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      cores.run([] {
        const Lockstep grid{5, 8};
        Bands bands(grid);
        WorkerPool(3).run_lockstep(grid, [&](int band, int step) { bands.run(band, step); });
        bands.expect_all_done();
      });
    });
}

}  // namespace
}  // namespace rdenoise

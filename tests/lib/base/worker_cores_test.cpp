// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/worker_cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <rdenoise/parallel.hpp>
#include <semaphore>
#include <thread>

namespace rdenoise {
namespace {

cpu_set_t affinity() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

void hold_on(int core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(core), &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
}

int another_core(int core) {
  const cpu_set_t set = affinity();
  for (int other = 0; other < CPU_SETSIZE; ++other)
    if (other != core && CPU_ISSET(static_cast<unsigned>(other), &set)) return other;
  return core;
}

/// What a thread does to its cores ends with it.
template <typename Work>
void on_a_thread(Work work) {
  std::thread(work).join();
}

TEST(WorkerCores, a_worker_that_finds_another_on_its_core_moves_on) {
  if (available_cores() < 2) GTEST_SKIP() << "one core";
  on_a_thread([] {
    const cpu_set_t all = affinity();
    WorkerCores cores(2);
    // Until this thread is somewhere else between the calls, it plays both workers on one core.
    const int core = sched_getcpu();
    hold_on(core);
    cores.keep_apart(0);
    ASSERT_EQ(cores.core_of(0), core);
    ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
    cores.keep_apart(1);
    EXPECT_NE(cores.core_of(1), core);
  });
}

TEST(WorkerCores, a_worker_may_afterwards_run_where_it_might_before) {
  on_a_thread([] {
    const cpu_set_t before = affinity();
    WorkerCores cores(3);
    for (const int worker : {0, 1, 2, 0}) cores.keep_apart(worker);
    const cpu_set_t after = affinity();
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
  });
}

TEST(WorkerCores, workers_that_have_one_core_only_share_it) {
  on_a_thread([] {
    const int core = sched_getcpu();
    hold_on(core);
    WorkerCores cores(2);
    for (const int worker : {0, 1, 0}) cores.keep_apart(worker);
    EXPECT_EQ(cores.core_of(0), core);
    EXPECT_EQ(cores.core_of(1), core);
    const cpu_set_t after = affinity();
    EXPECT_EQ(CPU_COUNT(&after), 1);
  });
}

TEST(WorkerCores, one_that_waits_lends_its_core_to_a_worker_that_does_not_run) {
  if (available_cores() < 2) GTEST_SKIP() << "one core";
  WorkerCores cores(2);
  std::binary_semaphore is_at_work(0);
  std::binary_semaphore may_go_on(0);
  std::jthread holder([&] {
    const cpu_set_t before = affinity();
    cores.keep_apart(0);
    is_at_work.release();
    may_go_on.acquire();
    const cpu_set_t after = affinity();
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
    // It gives the core back, unless the system has already moved it.
    const int lent = cores.core_of(0);
    cores.keep_apart(0);
    EXPECT_NE(cores.core_of(0), lent);
  });
  is_at_work.acquire();
  on_a_thread([&] {
    const int core = another_core(cores.core_of(0));
    hold_on(core);
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_lock lock(mutex);
    // One look a pause; the holder sleeps through them all.
    int looks = 0;
    cores.wait(
        1, lock, changed, [&] { return cores.core_of(0) == core || ++looks > 20; }, [] { return 0; });
    EXPECT_EQ(cores.core_of(0), core);
  });
  may_go_on.release();
}

TEST(WorkerCores, whoever_is_forgotten_is_in_nobodys_way) {
  on_a_thread([] {
    WorkerCores cores(2);
    hold_on(sched_getcpu());
    cores.keep_apart(0);
    cores.forget();
    EXPECT_EQ(cores.core_of(0), -1);
    cores.keep_apart(1);
    EXPECT_EQ(cores.core_of(1), sched_getcpu());
  });
}

}  // namespace
}  // namespace rdenoise

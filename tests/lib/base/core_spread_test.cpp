// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/core_spread.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <rdenoise/parallel.hpp>
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

/// What a thread does to its cores ends with it.
template <typename Work>
void on_a_thread(Work work) {
  std::thread(work).join();
}

TEST(CoreSpread, a_worker_that_finds_another_on_its_core_moves_on) {
  if (available_cores() < 2) GTEST_SKIP() << "one core";
  on_a_thread([] {
    const cpu_set_t all = affinity();
    CoreSpread spread(2);
    // Until this thread is somewhere else between the calls, it plays both workers on one core.
    const int core = sched_getcpu();
    hold_on(core);
    spread.keep_apart(0);
    ASSERT_EQ(spread.core_of(0), core);
    ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
    spread.keep_apart(1);
    EXPECT_NE(spread.core_of(1), core);
  });
}

TEST(CoreSpread, a_worker_may_afterwards_run_where_it_might_before) {
  on_a_thread([] {
    const cpu_set_t before = affinity();
    CoreSpread spread(3);
    for (const int worker : {0, 1, 2, 0}) spread.keep_apart(worker);
    const cpu_set_t after = affinity();
    EXPECT_TRUE(CPU_EQUAL(&before, &after));
  });
}

TEST(CoreSpread, workers_that_have_one_core_only_share_it) {
  on_a_thread([] {
    const int core = sched_getcpu();
    hold_on(core);
    CoreSpread spread(2);
    for (const int worker : {0, 1, 0}) spread.keep_apart(worker);
    EXPECT_EQ(spread.core_of(0), core);
    EXPECT_EQ(spread.core_of(1), core);
    const cpu_set_t after = affinity();
    EXPECT_EQ(CPU_COUNT(&after), 1);
  });
}

TEST(CoreSpread, whoever_is_forgotten_is_in_nobodys_way) {
  on_a_thread([] {
    CoreSpread spread(2);
    hold_on(sched_getcpu());
    spread.keep_apart(0);
    spread.forget();
    EXPECT_EQ(spread.core_of(0), -1);
    spread.keep_apart(1);
    EXPECT_EQ(spread.core_of(1), sched_getcpu());
  });
}

}  // namespace
}  // namespace rdenoise

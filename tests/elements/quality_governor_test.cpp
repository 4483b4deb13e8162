// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames with made-up costs: level 0 is the network asked for, level 2 the cheapest.
#include "quality_governor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace rdenoise::gst {
namespace {

/// A machine on which each level takes so long, times what else is going on.
struct Machine {
  std::array<double, 3> cost_ms;
  double load = 1.0;
  QualityGovernor governor{3};
  std::vector<QualityChange> changes;
  int frames = 0;
  std::vector<int> change_frames;

  /// One frame of a live source, without reports from downstream unless lateness is given.
  void frame(double budget_ms, bool is_live = true, std::optional<double> lateness_ms = std::nullopt) {
    ++frames;
    const double cost = load * cost_ms[static_cast<std::size_t>(governor.level())];
    if (const auto change = governor.frame_done({cost, budget_ms, is_live, lateness_ms})) {
      changes.push_back(*change);
      change_frames.push_back(frames);
    }
  }
  void run(int count, double budget_ms, bool is_live = true) {
    for (int i = 0; i < count; ++i) frame(budget_ms, is_live);
  }
};

TEST(QualityGovernor, a_level_that_keeps_up_is_never_left) {
  Machine machine{{30.0, 10.0, 3.0}};
  machine.run(10000, 33.3);
  EXPECT_TRUE(machine.changes.empty());
}

TEST(QualityGovernor, goes_down_until_frames_are_in_time_and_settles_there) {
  Machine machine{{600.0, 100.0, 20.0}};
  machine.run(10000, 33.3);
  ASSERT_EQ(machine.changes.size(), 2U);
  EXPECT_EQ(machine.governor.level(), 2);
  EXPECT_EQ(machine.changes[0].from, 0);
  EXPECT_EQ(machine.changes[0].to, 1);
  EXPECT_EQ(machine.changes[0].why, QualityReason::too_slow);
  EXPECT_DOUBLE_EQ(machine.changes[0].cost_ms, 600.0);
  EXPECT_DOUBLE_EQ(machine.changes[0].budget_ms, 33.3);
  EXPECT_EQ(machine.changes[1].to, 2);
}

TEST(QualityGovernor, leaves_a_level_that_is_far_too_slow_with_its_second_frame) {
  Machine machine{{600.0, 100.0, 20.0}};
  machine.run(4, 33.3);
  EXPECT_EQ(machine.change_frames, (std::vector<int>{2, 4}));
}

TEST(QualityGovernor, a_little_too_slow_is_seen_before_more_than_one_frame_waits) {
  Machine machine{{36.0, 10.0, 3.0}};
  machine.run(1000, 33.0);
  // 3 ms more wait with each frame; the first 4 are not judged. So after 12 frames more than 33 ms do.
  EXPECT_EQ(machine.change_frames, std::vector<int>{16});
}

TEST(QualityGovernor, one_slow_frame_changes_nothing) {
  Machine machine{{20.0, 10.0, 3.0}};
  machine.run(50, 33.3);
  machine.load = 3.0;
  machine.frame(33.3);
  machine.load = 1.0;
  machine.run(500, 33.3);
  EXPECT_TRUE(machine.changes.empty());
}

TEST(QualityGovernor, comes_back_when_the_machine_is_free_again) {
  Machine machine{{25.0, 10.0, 3.0}};
  machine.load = 2.0;
  machine.run(300, 40.0);
  EXPECT_EQ(machine.governor.level(), 1);
  machine.load = 1.0;
  machine.run(300, 40.0);
  EXPECT_EQ(machine.governor.level(), 0);
  ASSERT_EQ(machine.changes.size(), 2U);
  EXPECT_EQ(machine.changes[1].why, QualityReason::time_to_spare);
}

TEST(QualityGovernor, does_not_come_back_to_what_would_not_leave_headroom) {
  Machine machine{{25.0, 10.0, 3.0}};
  machine.load = 2.0;
  machine.run(100, 30.0);
  EXPECT_EQ(machine.governor.level(), 1);
  machine.load = 1.0;  // 25 of 30 ms: more than 70 %
  machine.run(5000, 30.0);
  EXPECT_EQ(machine.changes.size(), 1U);
}

TEST(QualityGovernor, changes_are_at_least_a_hold_apart_on_the_way_up_and_ever_rarer_where_they_fail) {
  Machine machine{{20.0, 10.0, 3.0}};
  // Downstream is late whenever level 0 is in use, though its cost alone would do: only trying tells.
  double lateness_ms = 0.0;
  for (int i = 0; i < 6000; ++i) {
    lateness_ms = machine.governor.level() == 0 ? lateness_ms + 5.0 : -1.0;
    machine.frame(40.0, false, lateness_ms);
  }
  std::vector<int> held_frames;
  for (std::size_t i = 1; i < machine.changes.size(); ++i)
    if (machine.changes[i].to == 0) held_frames.push_back(machine.change_frames[i] - machine.change_frames[i - 1]);
  ASSERT_GE(held_frames.size(), 4U);
  const QualityGovernorOptions options;
  int hold_frames = options.hold_frames;
  for (const int frames : held_frames) {
    EXPECT_GE(frames, hold_frames);
    hold_frames = std::min(2 * hold_frames, options.longest_hold_frames);
  }
}

TEST(QualityGovernor, an_alternating_load_makes_it_change_seldom) {
  Machine machine{{25.0, 10.0, 3.0}};
  for (int i = 0; i < 3000; ++i) {
    machine.load = i / 10 % 2 == 0 ? 1.0 : 2.0;  // every 10 frames
    machine.frame(40.0);
  }
  // Level 0 takes 25 or 50 ms of 40: 37.5 on the whole, though in bursts. Never more often than once a hold.
  EXPECT_LE(machine.changes.size(), 3000U / 90U * 2U);
  for (std::size_t i = 1; i < machine.changes.size(); ++i)
    if (machine.changes[i].to < machine.changes[i].from) {
      EXPECT_GE(machine.change_frames[i] - machine.change_frames[i - 1], 90);
    }
}

TEST(QualityGovernor, frames_that_are_late_downstream_lead_down) {
  Machine machine{{30.0, 10.0, 3.0}};
  machine.run(50, 33.3, false);
  for (int i = 1; i <= 3; ++i) machine.frame(33.3, false, 10.0 * i);
  ASSERT_EQ(machine.changes.size(), 1U);
  EXPECT_EQ(machine.changes[0].why, QualityReason::late);
}

TEST(QualityGovernor, late_frames_that_catch_up_do_not) {
  Machine machine{{30.0, 10.0, 3.0}};
  machine.run(50, 33.3, false);
  for (int i = 0; i < 20; ++i) machine.frame(33.3, false, 200.0 - 10.0 * i);
  EXPECT_TRUE(machine.changes.empty());
}

TEST(QualityGovernor, without_a_deadline_nothing_changes_however_slow) {
  Machine machine{{6000.0, 100.0, 20.0}};
  machine.run(1000, 33.3, false);
  EXPECT_TRUE(machine.changes.empty());
}

TEST(QualityGovernor, without_a_known_budget_reports_alone_count) {
  Machine machine{{30.0, 10.0, 3.0}};
  machine.run(50, 0.0);
  EXPECT_TRUE(machine.changes.empty());
  for (int i = 1; i <= 3; ++i) machine.frame(0.0, true, 10.0 * i);
  EXPECT_EQ(machine.governor.level(), 1);
  machine.run(200, 0.0);
  EXPECT_EQ(machine.governor.level(), 0);
}

TEST(QualityGovernor, with_one_level_has_nothing_to_change) {
  QualityGovernor governor;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(governor.frame_done({600.0, 33.3, true, 1000.0 * i}));
  EXPECT_EQ(governor.level(), 0);
}

TEST(QualityGovernor, forgotten_lateness_does_not_count) {
  Machine machine{{30.0, 10.0, 3.0}};
  machine.run(50, 33.3, false);
  for (int i = 0; i < 10; ++i) {
    for (int k = 1; k <= 2; ++k) machine.frame(33.3, false, 10.0 * k);
    machine.governor.forget_lateness();
  }
  EXPECT_TRUE(machine.changes.empty());
}

}  // namespace
}  // namespace rdenoise::gst

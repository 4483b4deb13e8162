// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/picture_class_tracker.hpp>

namespace rdenoise {
namespace {

const ClassProbabilities face{0.9, 0.05, 0.05};
const ClassProbabilities pet{0.05, 0.9, 0.05};
const ClassProbabilities unsure{0.34, 0.33, 0.33};

/// Looks at every frame and forgets at once, so that what decides is the rule alone.
constexpr PictureClassTrackerOptions immediate{
    .least_confidence = 0.5, .interval_frames = 1, .smoothing = 0.0, .lead = 1.3, .looks_to_switch = 3};

int class_after(PictureClassTracker& tracker, std::initializer_list<ClassProbabilities> looks) {
  for (const ClassProbabilities& look : looks) tracker.look(look);
  return tracker.class_index();
}

TEST(PictureClassTracker, looks_at_the_first_frame_of_a_shot_and_then_at_every_nth) {
  PictureClassTracker tracker({.interval_frames = 4});
  std::vector<bool> looked;
  for (int frame = 0; frame < 10; ++frame) looked.push_back(tracker.next_frame(frame == 0 || frame == 6));
  EXPECT_EQ(looked, (std::vector<bool>{true, false, false, false, true, false, true, false, false, false}));
}

TEST(PictureClassTracker, is_class_agnostic_before_the_first_look) {
  const PictureClassTracker tracker;
  EXPECT_EQ(tracker.class_index(), class_agnostic);
  EXPECT_EQ(tracker.confidence(), 0.0);
}

TEST(PictureClassTracker, the_first_look_decides_at_once) {
  PictureClassTracker tracker(immediate);
  EXPECT_EQ(class_after(tracker, {pet}), 1);
  EXPECT_NEAR(tracker.confidence(), 0.9, 1e-12);
  PictureClassTracker other(immediate);
  EXPECT_EQ(class_after(other, {unsure}), class_agnostic);
}

TEST(PictureClassTracker, another_class_must_lead_for_some_looks_in_a_row) {
  PictureClassTracker tracker(immediate);
  EXPECT_EQ(class_after(tracker, {face, pet, pet}), 0);
  EXPECT_EQ(class_after(tracker, {face, pet, pet}), 0) << "a look in between begins the count anew";
  EXPECT_EQ(class_after(tracker, {pet}), 1);
}

TEST(PictureClassTracker, challengers_that_take_turns_do_not_add_up) {
  PictureClassTracker tracker(immediate);
  const ClassProbabilities flower{0.05, 0.05, 0.9};
  EXPECT_EQ(class_after(tracker, {face, pet, flower, pet, flower, pet, flower}), 0);
}

TEST(PictureClassTracker, a_lead_below_the_margin_does_not_count) {
  PictureClassTracker tracker({.least_confidence = 0.3, .interval_frames = 1, .smoothing = 0.0, .lead = 1.3});
  const ClassProbabilities close{0.44, 0.55, 0.01};  // 1.25 times as likely
  EXPECT_EQ(class_after(tracker, {face, close, close, close, close, close}), 0);
  const ClassProbabilities clear{0.42, 0.57, 0.01};  // 1.36 times
  EXPECT_EQ(class_after(tracker, {clear, clear, clear}), 1);
}

TEST(PictureClassTracker, falls_back_to_class_agnostic_and_returns_with_the_same_hysteresis) {
  PictureClassTracker tracker(immediate);
  const ClassProbabilities weak{0.45, 0.3, 0.25};     // 0.5 is only 1.1 times that
  const ClassProbabilities no_more{0.38, 0.32, 0.3};  // 1.32 times
  EXPECT_EQ(class_after(tracker, {face, weak, weak, weak, weak}), 0);
  EXPECT_EQ(class_after(tracker, {no_more, no_more}), 0);
  EXPECT_EQ(class_after(tracker, {no_more}), class_agnostic);
  const ClassProbabilities again{0.6, 0.2, 0.2};   // 1.2 times 0.5
  const ClassProbabilities surely{0.7, 0.2, 0.1};  // 1.4 times
  EXPECT_EQ(class_after(tracker, {again, again, again, again}), class_agnostic);
  EXPECT_EQ(class_after(tracker, {surely, surely, surely}), 0);
}

TEST(PictureClassTracker, one_look_astray_does_not_outweigh_the_past) {
  PictureClassTracker tracker({.interval_frames = 1, .smoothing = 0.8, .looks_to_switch = 1});
  EXPECT_EQ(class_after(tracker, {face, face, pet}), 0);
  // The mean of log-odds, in units of log 18: 1, then 0.6, 0.28, 0.02, −0.18: half-way after three more of the other.
  EXPECT_EQ(class_after(tracker, {pet, pet}), 0);
  EXPECT_EQ(class_after(tracker, {pet, pet}), 1);
}

TEST(PictureClassTracker, the_mean_is_that_of_log_probabilities) {
  PictureClassTracker tracker({.least_confidence = 0.1, .smoothing = 0.5});
  EXPECT_EQ(class_after(tracker, {{0.8, 0.2}, {0.5, 0.5}}), 0);
  // Odds of 4 and 1 make odds of 2.
  EXPECT_NEAR(tracker.confidence(), 2.0 / 3.0, 1e-12);
}

TEST(PictureClassTracker, a_look_that_is_certain_does_not_last_for_ever) {
  PictureClassTracker tracker({.interval_frames = 1, .smoothing = 0.6, .looks_to_switch = 1});
  EXPECT_EQ(class_after(tracker, {{1.0, 0.0}, {0.0, 1.0}, {0.0, 1.0}, {0.0, 1.0}}), 1);
}

TEST(PictureClassTracker, a_new_shot_forgets_the_last) {
  PictureClassTracker tracker(immediate);
  EXPECT_EQ(class_after(tracker, {face, face, pet, pet}), 0);
  EXPECT_TRUE(tracker.next_frame(true));
  EXPECT_EQ(tracker.class_index(), class_agnostic);
  EXPECT_EQ(class_after(tracker, {pet}), 1);
  EXPECT_EQ(class_after(tracker, {face, face}), 1) << "looks before the cut do not count";
}

TEST(PictureClassTracker, probabilities_of_another_classifier_begin_anew) {
  PictureClassTracker tracker(immediate);
  EXPECT_EQ(class_after(tracker, {pet, {0.9, 0.1}}), 0);
}

}  // namespace
}  // namespace rdenoise

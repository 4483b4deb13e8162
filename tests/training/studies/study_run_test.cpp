// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/study_run.hpp"

#include <rdenoise/error.hpp>

#include "small_study.hpp"
#include "studies/study_recipes.hpp"

namespace rdenoise::training {
namespace {

class StudyRunTest : public SmallStudy {
 protected:
  void SetUp() override { write_training_pictures("train/bsd400-gray"); }

  static StudyNetwork network(const std::string& name = "small") {
    return {.name = name, .recipe = "bfcnn", .settings = {}, .start_from = {}};
  }
  /// Counts steps; stops before the step of this number.
  StudyOptions counting(int& steps, int stop_at = 1000) const {
    StudyOptions counting = options();
    counting.progress = [&steps](const Progress&) { ++steps; };
    counting.stop_requested = [&steps, stop_at] { return steps >= stop_at; };
    return counting;
  }
};

TEST_F(StudyRunTest, a_finished_network_is_found_again_and_not_trained) {
  int steps = 0;
  StudyRun first(counting(steps));
  const TrainedNetwork trained = first.train(network());
  EXPECT_EQ(steps, 4);
  EXPECT_EQ(trained.steps, 4);
  EXPECT_EQ(trained.curve.points().size(), 2U) << "a validation every 2 of 4 steps";
  StudyRun second(counting(steps));
  const TrainedNetwork found = second.train(network());
  EXPECT_EQ(steps, 4) << "none was added";
  for (const auto& [name, tensor] : trained.model.weights.tensors)
    EXPECT_EQ(tensor.values, found.model.weights.tensors.at(name).values) << name;
}

TEST_F(StudyRunTest, a_stopped_network_goes_on_where_it_was) {
  int steps = 0;
  StudyRun stopped(counting(steps, 3));
  EXPECT_THROW((void)stopped.train(network()), StudyStopped);
  EXPECT_EQ(steps, 3);
  StudyRun resumed(counting(steps));
  EXPECT_EQ(resumed.train(network()).steps, 4);
  EXPECT_EQ(steps, 4);
}

TEST_F(StudyRunTest, a_network_out_of_time_is_measured_as_it_is) {
  StudyOptions hasty = options();
  hasty.time_limit_s = 1e-9;
  StudyRun run(hasty);
  EXPECT_EQ(run.train(network()).steps, 0);
  EXPECT_EQ(run.train(network()).steps, 0) << "the limit is over all runs";
  hasty.time_limit_s = 1000.0;
  StudyRun patient(hasty);
  EXPECT_EQ(patient.train(network()).steps, 4);
}

TEST_F(StudyRunTest, results_of_other_settings_are_not_mixed_in) {
  (void)StudyRun(options()).train(network());
  StudyOptions other = options();
  other.settings.emplace_back("optimiser.steps=5");
  StudyRun run(other);
  try {
    (void)run.train(network());
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("optimiser.steps (4 and 5)"), std::string::npos) << error.what();
  }
}

TEST_F(StudyRunTest, a_start_from_another_network_takes_its_weights) {
  StudyOptions still = options();
  still.time_limit_s = 1e-9;
  StudyRun run(still);
  StudyNetwork first = network("first");
  StudyNetwork second = network("second");
  second.settings = {"seed=7"};
  second.start_from = "first";
  const TrainedNetwork from = run.train(first);
  const TrainedNetwork to = run.train(second);
  // Between the first and the last layer norms are folded in, whose statistics are those of other patches.
  const auto& tensors = from.model.weights.tensors;
  ASSERT_EQ(tensors.size(), 3U);
  for (const auto& [name, tensor] : {*tensors.begin(), *tensors.rbegin()})
    EXPECT_EQ(tensor.values, to.model.weights.tensors.at(name).values) << name;
}

TEST_F(StudyRunTest, the_usual_test_set_is_found_by_name_and_may_be_cut_short) {
  write_test_pictures("somewhere/Set12");
  StudyOptions few = options();
  EXPECT_EQ(StudyRun(few).test_pictures("set12").size(), 2U);
  few.most_pictures = 1;
  EXPECT_EQ(StudyRun(few).test_pictures("set12").size(), 1U);
  EXPECT_THROW((void)StudyRun(few).test_pictures("bsd68"), Error);
  few.test = folder_ / "somewhere/Set12";
  EXPECT_EQ(StudyRun(few).test_pictures("bsd68").size(), 1U);
}

TEST(study_recipe, unknown_names_are_an_error) { EXPECT_THROW((void)study_recipe("no-such-recipe"), Error); }

}  // namespace
}  // namespace rdenoise::training

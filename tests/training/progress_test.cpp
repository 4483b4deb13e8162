// SPDX-License-Identifier: LGPL-2.1-or-later
#include "progress.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <sstream>

#include "duration.hpp"
#include "process_place.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

Progress at_validation() {
  return {.step = 250,
          .steps = 1000,
          .patches_per_s = 640.0,
          .left_s = 3661.0,
          .validation = CurvePoint{.step = 250,
                                   .seconds_trained = 61.0,
                                   .learning_rate = 0.5,
                                   .loss = std::nan(""),
                                   .levels = {{"σ15", 32.25}, {"σ25", 30.125}, {"σ50", 27.0}}},
          .best = true};
}

TEST(duration, is_read_with_its_unit) {
  EXPECT_EQ(parse_duration_s("90"), 90.0);
  EXPECT_EQ(parse_duration_s("0.5s"), 0.5);
  EXPECT_EQ(parse_duration_s("9m"), 540.0);
  EXPECT_EQ(parse_duration_s("2h"), 7200.0);
  for (const char* text : {"", "m", "9 m", "9d", "0", "-1s", "inf", "nan", "9mm"})
    EXPECT_THROW((void)parse_duration_s(text), Error) << text;
  EXPECT_EQ(duration_text(3661.5), "1:01:01");
  EXPECT_EQ(duration_text(HUGE_VAL), "?");
}

TEST(duration, the_age_of_the_process_grows_and_counts_from_its_start) {
  const double first = process_age_s();
  EXPECT_GT(first, 0.0);
  EXPECT_LT(first, 600.0);
  EXPECT_GE(process_age_s(), first);
}

TEST(progress, is_told_as_lines_json_or_a_bar) {
  EXPECT_EQ(progress_line(at_validation()),
            "step 250/1000  PSNR σ15 32.25 σ25 30.12 σ50 27.00 dB (best)  640.0 patches/s  trained 0:01:01  left "
            "1:01:01");
  EXPECT_EQ(progress_json(at_validation()),
            "{\"step\":250,\"steps\":1000,\"seconds_trained\":61,\"learning_rate\":0.5,\"loss\":null,"
            "\"psnr_db\":{\"15\":32.25,\"25\":30.125,\"50\":27},\"best\":true,\"patches_per_s\":640,\"left_s\":3661}");
  EXPECT_EQ(progress_bar(at_validation(), at_validation().validation),
            "[#####...............] 250/1000  σ25 30.12 dB  640/s  left 1:01:01");
}

TEST(progress, steps_between_validations_show_on_a_bar_only) {
  Progress step = at_validation();
  step.validation.reset();
  for (const ProgressStyle style : {ProgressStyle::lines, ProgressStyle::json, ProgressStyle::bar}) {
    std::ostringstream out;
    ProgressPrinter(out, style).report(step);
    EXPECT_EQ(out.str().empty(), style != ProgressStyle::bar);
  }
}

TEST(progress, a_bar_makes_way_for_lines) {
  std::ostringstream out;
  {
    ProgressPrinter printer(out, ProgressStyle::bar);
    printer.report(at_validation());
    printer.say("a warning");
  }
  const std::string text = out.str();
  EXPECT_NE(text.find("\r\x1b[Ka warning\n"), std::string::npos) << text;
}

TEST(learning_curve, is_written_whole_as_table_and_chart) {
  const test::TemporaryFolder folder;
  LearningCurve curve;
  CurvePoint point = *at_validation().validation;
  curve.add(point);
  point.step = 500;
  point.loss = 0.25;
  curve.add(point);
  curve.write(folder.path(), "tiny");
  curve.write(folder.path(), "tiny");
  std::ifstream csv(folder / "tiny-curve.csv");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(csv), {}),
            "step,seconds,learning_rate,loss,psnr_15,psnr_25,psnr_50\n"
            "250,61,0.5,,32.25,30.125,27\n"
            "500,61,0.5,0.25,32.25,30.125,27\n");
  std::ifstream svg(folder / "tiny-curve.svg");
  const std::string chart(std::istreambuf_iterator<char>(svg), {});
  for (const char* text : {"tiny: learning curve", "σ25", "loss"})
    EXPECT_NE(chart.find(text), std::string::npos) << text;
}

TEST(learning_curve, of_a_classifier_says_per_cent_everywhere) {
  Progress progress = at_validation();
  progress.validation->figure = ValidationFigure::right_percent;
  progress.validation->levels = {{"σ0", 100.0}, {"σ25", 93.333}, {"σ50", 82.5}};
  EXPECT_NE(progress_line(progress).find("  right σ0 100.0 σ25 93.3 σ50 82.5 % (best)  "), std::string::npos);
  EXPECT_NE(progress_json(progress).find("\"right_percent\":{\"0\":100,\"25\":93.333,\"50\":82.5}"), std::string::npos);
  EXPECT_NE(progress_bar(progress, progress.validation).find("  σ25 93.3 %  "), std::string::npos);

  const test::TemporaryFolder folder;
  LearningCurve curve;
  curve.add(*progress.validation);
  LearningCurve::from_rows(curve.labels(), curve.to_rows(), curve.figure()).write(folder.path(), "tiny");
  std::ifstream csv(folder / "tiny-curve.csv");
  std::string names;
  std::getline(csv, names);
  EXPECT_EQ(names, "step,seconds,learning_rate,loss,right_percent_0,right_percent_25,right_percent_50");
  std::ifstream svg(folder / "tiny-curve.svg");
  const std::string chart(std::istreambuf_iterator<char>(svg), {});
  EXPECT_NE(chart.find("held-out pictures told right in %"), std::string::npos);
  EXPECT_EQ(chart.find("PSNR"), std::string::npos);
}

TEST(learning_curve, comes_back_from_its_rows) {
  LearningCurve curve;
  CurvePoint point = *at_validation().validation;
  point.loss = 0.125;
  curve.add(point);
  const LearningCurve back = LearningCurve::from_rows(curve.labels(), curve.to_rows(), curve.figure());
  ASSERT_EQ(back.points().size(), 1U);
  EXPECT_EQ(back.points()[0].step, 250);
  EXPECT_EQ(back.points()[0].loss, 0.125);
  EXPECT_EQ(back.labels(), (std::vector<std::string>{"σ15", "σ25", "σ50"}));
  EXPECT_EQ(back.points()[0].levels[1].value, 30.125);
  EXPECT_THROW((void)LearningCurve::from_rows({"Q20"}, {1.0, 2.0}, ValidationFigure::psnr_db), Error);
}

/// Variables of torchrun for the length of a test.
class TorchrunVariables : public testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"}) unsetenv(name);
  }
  static void set(const char* name, const char* value) { setenv(name, value, 1); }
};

TEST_F(TorchrunVariables, tell_the_place_among_the_processes) {
  EXPECT_EQ(place_from_environment().world_size, 1);
  set("WORLD_SIZE", "4");
  set("RANK", "3");
  set("LOCAL_RANK", "1");
  set("MASTER_ADDR", "host");
  set("MASTER_PORT", "1234");
  const ProcessPlace place = place_from_environment();
  EXPECT_EQ(place.rank, 3);
  EXPECT_EQ(place.world_size, 4);
  EXPECT_EQ(place.local_rank, 1);
  EXPECT_EQ(place.master_address, "host");
  EXPECT_EQ(place.master_port, 1234);
}

TEST_F(TorchrunVariables, that_are_missing_or_wrong_are_named) {
  const auto refusal = [] {
    try {
      (void)place_from_environment();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  set("WORLD_SIZE", "2");
  EXPECT_NE(refusal().find("RANK"), std::string::npos);
  set("RANK", "2");
  EXPECT_NE(refusal().find("RANK in the environment as a number from 0 to 1"), std::string::npos) << refusal();
  set("RANK", "1");
  EXPECT_NE(refusal().find("MASTER_PORT"), std::string::npos);
  set("MASTER_PORT", "80x");
  EXPECT_NE(refusal().find("80x"), std::string::npos);
  set("MASTER_PORT", "8080");
  EXPECT_NE(refusal().find("MASTER_ADDR"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::training

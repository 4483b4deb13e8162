// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/bias_free_study.hpp"

#include <cmath>

#include "small_study.hpp"

namespace rdenoise::training {
namespace {

class BiasFreeStudyTest : public SmallStudy {
 protected:
  void SetUp() override {
    write_training_pictures("train/bsd400-gray");
    write_test_pictures("test/set12");
  }
  const BiasFreeStudy study_{.sigmas_8bit = {10, 80}, .trained_up_to_8bit = 20.0, .wide_up_to_8bit = 90.0};
};

TEST_F(BiasFreeStudyTest, has_a_row_for_each_sigma_and_a_column_for_each_network) {
  StudyRun run(options());
  run_bias_free_study(study_, run);
  const CsvFields fields = read_fields(folder_ / "out/bias-free.csv");
  ASSERT_EQ(fields.size(), 3U);
  EXPECT_EQ(fields[0], (std::vector<std::string>{"sigma_8bit", "psnr_in_db", "bias_free_psnr_db", "biased_psnr_db",
                                                 "biased_wide_psnr_db"}));
  for (const std::size_t row : {1U, 2U}) {
    ASSERT_EQ(fields[row].size(), 5U);
    // Of 2·48·48 samples the measured variance is off by √(2/4608) = 2 % (one standard deviation), 0.09 dB.
    EXPECT_NEAR(std::stod(fields[row][1]), 20.0 * std::log10(255.0 / std::stod(fields[row][0])), 4 * 0.09);
    for (const std::string& field : fields[row]) EXPECT_TRUE(std::isfinite(std::stod(field)));
  }
  EXPECT_TRUE(has("out/bias-free.svg"));
  EXPECT_TRUE(has("out/bias-free/weights.safetensors")) << "the networks are there for other programs";
}

TEST_F(BiasFreeStudyTest, interrupted_and_gone_on_with_ends_with_the_same_figures) {
  StudyRun whole(options("whole"));
  run_bias_free_study(study_, whole);
  StudyOptions stopping = options("parts");
  int steps = 0;
  stopping.progress = [&](const Progress&) { ++steps; };
  stopping.stop_requested = [&] { return steps >= 6; };  // in the second network
  StudyRun stopped(stopping);
  EXPECT_THROW(run_bias_free_study(study_, stopped), StudyStopped);
  EXPECT_FALSE(has("parts/bias-free.csv")) << "no results of half a study";
  StudyRun resumed(options("parts"));
  run_bias_free_study(study_, resumed);
  EXPECT_EQ(read_fields(folder_ / "whole/bias-free.csv"), read_fields(folder_ / "parts/bias-free.csv"));
}

}  // namespace
}  // namespace rdenoise::training

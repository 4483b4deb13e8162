// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/losses_study.hpp"

#include <cmath>
#include <rdenoise/error.hpp>

#include "small_study.hpp"
#include "studies/quality_figures.hpp"

namespace rdenoise::training {
namespace {

class LossesStudyTest : public SmallStudy {
 protected:
  void SetUp() override {
    for (const char* name : {"train/bsd432-color", "train/div2k-test-lrx4"}) write_training_pictures(name);
    for (const char* name : {"test/kodak24", "test/live1"}) write_test_pictures(name);
  }
};

TEST_F(LossesStudyTest, has_a_row_for_each_task_and_loss_and_a_column_for_each_measure) {
  const LossesStudy study;
  StudyRun run(options());
  run_losses_study(study, run);
  const CsvFields fields = read_fields(folder_ / "out/losses.csv");
  ASSERT_EQ(fields.size(), 1 + study.tasks.size() * (1 + study.losses.size()));
  EXPECT_EQ(fields[0], (std::vector<std::string>{"task", "loss", "steps", "l2", "psnr_db", "l1", "ssim", "ms_ssim",
                                                 "iw_ssim", "gmsd", "fsim", "fsimc"}));
  std::size_t row = 1;
  for (const std::string& task : study.tasks) {
    std::vector<std::string> losses = study.losses;
    losses.insert(losses.begin(), "input");
    for (const std::string& loss : losses) {
      const std::vector<std::string>& r = fields[row++];
      EXPECT_EQ(r[0], task);
      EXPECT_EQ(r[1], loss);
      EXPECT_EQ(r[2], loss == "input" ? "0" : "4");
      for (std::size_t i = 3; i < r.size(); ++i) {
        const bool needs_176_px = fields[0][i] == "ms_ssim" || fields[0][i] == "iw_ssim";
        EXPECT_EQ(r[i].empty(), needs_176_px) << loss << ' ' << fields[0][i];
      }
    }
  }
  for (const char* chart : {"demosaic", "demosaic-learning", "deblock", "deblock-learning"})
    EXPECT_TRUE(has("out/losses-" + std::string(chart) + ".svg")) << chart;
}

TEST_F(LossesStudyTest, unknown_tasks_and_losses_are_refused_before_anything_is_trained) {
  StudyRun run(options());
  EXPECT_THROW(run_losses_study({.tasks = {"colorise"}}, run), Error);
  EXPECT_THROW(run_losses_study({.tasks = {"deblock"}, .losses = {"l3"}}, run), Error);
  EXPECT_THROW(run_losses_study({.tasks = {"deblock"}, .losses = {"l2-to-l3"}}, run), Error);
  EXPECT_THROW(run_losses_study({.losses = {"l2", "l3"}}, run), Error);
  EXPECT_FALSE(has("out/demosaic-l2.ckpt"));
}

TEST(quality_figures, means_leave_out_what_could_not_be_measured) {
  MeanQuality quality;
  const Image picture = test::formula_rgb(48, 48);
  const QualityFigures small = quality_figures(picture, picture);
  EXPECT_EQ(small[0], 0.0) << "l2 of equal pictures";
  EXPECT_TRUE(std::isnan(small[4])) << "MS-SSIM needs 176 px";
  QualityFigures large{};
  large.fill(0.5);
  quality.add(small);
  quality.add(large);
  EXPECT_EQ(quality.mean()[0], 0.25);
  EXPECT_EQ(quality.mean()[4], 0.5);
  EXPECT_TRUE(std::isnan(MeanQuality().mean()[0]));
}

}  // namespace
}  // namespace rdenoise::training

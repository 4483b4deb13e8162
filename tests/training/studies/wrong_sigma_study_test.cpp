// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/wrong_sigma_study.hpp"

#include <rdenoise/error.hpp>

#include "small_model.hpp"
#include "small_study.hpp"

namespace rdenoise::training {
namespace {

class WrongSigmaStudyTest : public SmallStudy {
 protected:
  void SetUp() override { write_test_pictures("test/set12"); }

  std::string write_model(const std::string& network, const std::string& name) const {
    return write_zero_model(folder_ / name,
                            {.network = network, .image_channels = 1, .depth = 3, .width = 8, .residual = true});
  }
};

// A residual network of zeros takes no noise away, whatever it is told.
TEST_F(WrongSigmaStudyTest, has_a_row_for_each_model_true_and_told_sigma) {
  StudyRun run(options());
  run_wrong_sigma_study({.models = {write_model("ffdnet", "one"), write_model("ffdnet", "two")},
                         .true_8bit = {20, 30},
                         .told_8bit = {40, 10}},
                        run);
  const CsvFields fields = read_fields(folder_ / "out/wrong-sigma.csv");
  ASSERT_EQ(fields.size(), 1 + 2 * 2 * 3U) << "told two other levels and the true one";
  EXPECT_EQ(fields[0], (std::vector<std::string>{"model", "true_sigma_8bit", "told_sigma_8bit", "psnr_in_db", "psnr_db",
                                                 "change_db"}));
  EXPECT_EQ(fields[1][0], "one");
  EXPECT_EQ(fields[12][0], "two");
  for (const std::size_t first : {1U, 4U, 7U, 10U}) {
    EXPECT_EQ(fields[first][2], "10");
    EXPECT_EQ(fields[first + 1][2], fields[first + 1][1]) << "in order: the true one lies between";
    EXPECT_EQ(fields[first + 2][2], "40");
    for (const std::size_t row : {first, first + 1, first + 2}) EXPECT_EQ(fields[row][5], "0");
  }
  EXPECT_TRUE(has("out/wrong-sigma.svg"));
}

TEST_F(WrongSigmaStudyTest, blind_models_and_models_of_one_name_are_refused) {
  StudyRun run(options());
  EXPECT_THROW(run_wrong_sigma_study({.models = {write_model("dncnn", "blind")}}, run), Error);
  const std::string model = write_model("ffdnet", "one");
  EXPECT_THROW(run_wrong_sigma_study({.models = {model, model}}, run), Error);
}

}  // namespace
}  // namespace rdenoise::training

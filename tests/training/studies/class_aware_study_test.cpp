// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/class_aware_study.hpp"

#include <rdenoise/error.hpp>

#include "small_study.hpp"

namespace rdenoise::training {
namespace {

class ClassAwareStudyTest : public SmallStudy {
 protected:
  void SetUp() override {
    for (const char* name : {"train/bsd400-gray", "train/bsd432-color", "train/div2k-test-lrx4"})
      write_training_pictures(name);
    for (const std::string name : {"face", "flower", "living-room", "pet", "street"}) {
      write_training_pictures("classes/" + name + "/train");
      write_test_pictures("classes/" + name + "/test");
    }
  }
};

TEST_F(ClassAwareStudyTest, has_a_row_for_each_class_and_sigma) {
  StudyRun run(options());
  run_class_aware_study({.classes = {"pet", "street"}, .sigmas_8bit = {15, 50}}, run);
  const CsvFields fields = read_fields(folder_ / "out/class-aware.csv");
  ASSERT_EQ(fields.size(), 1 + 2 * 2U);
  EXPECT_EQ(fields[0], (std::vector<std::string>{"pictures_class", "sigma_8bit", "psnr_in_db", "agnostic_psnr_db",
                                                 "aware_psnr_db", "gain_db"}));
  for (const std::size_t row : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(fields[row][0], row < 3 ? "pet" : "street");
    EXPECT_EQ(std::stod(fields[row][5]), std::stod(fields[row][4]) - std::stod(fields[row][3]));
  }
  EXPECT_TRUE(has("out/class-aware.svg"));
  EXPECT_FALSE(has("out/class-aware-face.ckpt")) << "not asked for";
}

// Without a step of its own a class's network is the one for all, from which it starts.
TEST_F(ClassAwareStudyTest, networks_of_classes_start_from_the_one_for_all) {
  StudyOptions still = options();
  still.time_limit_s = 1e-9;
  StudyRun run(still);
  run_class_aware_study({.classes = {"pet"}, .sigmas_8bit = {25}}, run);
  EXPECT_EQ(read_fields(folder_ / "out/class-aware.csv")[1][5], "0");
}

TEST_F(ClassAwareStudyTest, a_class_without_test_pictures_or_recipe_is_an_error) {
  StudyRun run(options());
  EXPECT_THROW(run_class_aware_study({.classes = {"castle"}}, run), Error);
  std::filesystem::remove_all(folder_ / "classes/pet/test");
  EXPECT_THROW(run_class_aware_study({.classes = {"pet"}}, run), Error);
}

}  // namespace
}  // namespace rdenoise::training

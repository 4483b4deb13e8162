// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/pair_set.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "support/temporary_folder.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

class PairSetTest : public testing::Test {
 protected:
  void write_pair(const std::string& folder, const std::string& name, int width_px = 160) {
    write_formula_picture(folder_ / folder / "noisy" / (name + ".png"), width_px, 140, 0.1F);
    write_formula_picture(folder_ / folder / "mean" / (name + ".png"), width_px, 140);
  }
  std::string refusal(const DataRecipe& recipe) const {
    std::vector<std::string> remarks;
    try {
      const PairSet set(recipe, ColorModel::rgb, folder_.path(), 32, 128, remarks);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  test::TemporaryFolder folder_;
};

TEST_F(PairSetTest, both_ways_of_naming_are_found) {
  write_pair("f", "desk_2");
  write_formula_picture(folder_ / "f" / "chair_1_real.JPG", 150, 140);
  write_formula_picture(folder_ / "f" / "chair_1_mean.JPG", 150, 140);
  const std::vector<PairPaths> pairs = pairs_below(folder_.path(), "f");
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_EQ(pairs[0].name, "f/chair_1");
  EXPECT_EQ(pairs[0].noisy, folder_ / "f/chair_1_real.JPG");
  EXPECT_EQ(pairs[1].name, "f/desk_2");
  EXPECT_EQ(pairs[1].mean, folder_ / "f/mean/desk_2.png");
}

TEST_F(PairSetTest, crops_of_a_scene_do_not_both_train_and_validate) {
  for (const char* name : {"chair_1", "chair_2", "desk_1", "desk_9", "plug_3"}) write_pair("f", name);
  std::vector<std::string> remarks;
  const PairSet set({.hold_out_every = 2, .pairs = {"f"}}, ColorModel::rgb, folder_.path(), 32, 128, remarks);
  // Scenes chair and plug validate, desk trains.
  EXPECT_EQ(set.count(), 2u);
  EXPECT_EQ(set.held_out_count(), 3u);
}

TEST_F(PairSetTest, both_pictures_are_cropped_alike) {
  write_pair("f", "a_1");
  write_pair("f", "b_1");
  std::vector<std::string> remarks;
  const PairSet set({.hold_out_every = 2, .pairs = {"f"}}, ColorModel::rgb, folder_.path(), 32, 128, remarks);
  for (std::uint64_t n = 0; n < 8; ++n) {
    PatchRandom random(1, n);
    const Sample sample = set.draw(32, random);
    // The noisy picture is brighter by 0.1; each of the two is rounded to 8 bits.
    for (std::size_t i = 0; i < sample.clean.samples().size(); ++i)
      ASSERT_NEAR(sample.noisy.samples()[i] - sample.clean.samples()[i], 0.1F, 1.01F / 255.F);
    EXPECT_NEAR(sample.sigma.samples()[0], 0.1F, 0.5F / 255.F);
  }
}

TEST_F(PairSetTest, what_is_missing_is_named) {
  write_pair("f", "a_1");
  write_pair("f", "b_1");
  fs::remove(folder_ / "f/mean/a_1.png");
  EXPECT_NE(refusal({.pairs = {"f"}}).find("noisy/a_1.png"), std::string::npos);
  write_formula_picture(folder_ / "f/mean/a_1.png", 100, 140);
  EXPECT_NE(refusal({.pairs = {"f"}}).find("expected the size"), std::string::npos);
  write_formula_picture(folder_ / "g/a.png", 100, 140);
  EXPECT_NE(refusal({.pairs = {"g"}}).find("neither"), std::string::npos);
  EXPECT_NE(refusal({.pairs = {"nonesuch"}}).find("nonesuch"), std::string::npos);
  write_pair("h", "a_1");
  EXPECT_NE(refusal({.pairs = {"h"}, .pair_hold_out = "a_1"}).find("trains"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise::training

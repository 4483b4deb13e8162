// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/picture_set.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <rdenoise/error.hpp>

#include "support/temporary_folder.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

class PictureSetTest : public testing::Test {
 protected:
  std::string refusal(const DataRecipe& recipe) const {
    std::vector<std::string> remarks;
    try {
      const PictureSet set(recipe, ColorModel::gray, folder_.path(), 64, 128, remarks);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  test::TemporaryFolder folder_;
};

TEST_F(PictureSetTest, pictures_train_at_every_scale_and_validate_at_their_own) {
  for (int n = 0; n < 4; ++n) write_formula_picture(folder_ / "p" / (std::to_string(n) + ".png"), 160, 140);
  std::vector<std::string> remarks;
  const PictureSet set({.folders = {"p"}, .scales = {1.0, 0.5}, .hold_out_every = 4}, ColorModel::rgb, folder_.path(),
                       64, 128, remarks);
  ASSERT_EQ(set.pictures().size(), 6u);
  EXPECT_EQ(set.pictures()[0].width_px, 160);
  EXPECT_EQ(set.pictures()[1].width_px, 80);
  EXPECT_EQ(set.pictures()[1].height_px, 70);
  EXPECT_EQ(set.held_out().size(), 1u);
  EXPECT_TRUE(remarks.empty());
}

// A checkerboard of single pixels is all detail: what is left of it at 4 px is its mean.
TEST_F(PictureSetTest, pictures_train_with_and_without_fine_details) {
  Image board(ColorModel::gray, 160, 140);
  for (int y = 0; y < 140; ++y)
    for (int x = 0; x < 160; ++x) board.at(0, x, y) = (x + y) % 2 == 0 ? 0.2F : 0.8F;
  fs::create_directories(folder_ / "p");
  for (const char* name : {"p/a.png", "p/b.png"}) write_picture(folder_ / name, {board, {}}, {});
  std::vector<std::string> remarks;
  const PictureSet set({.folders = {"p"}, .details_px = {1.0, 4.0}, .hold_out = "b"}, ColorModel::gray, folder_.path(),
                       64, 128, remarks);
  ASSERT_EQ(set.pictures().size(), 2u);
  const auto range = [](const StoredPicture& picture) {
    const auto [low, high] = std::ranges::minmax_element(picture.samples);
    return *high - *low;
  };
  EXPECT_EQ(range(set.pictures()[0]), 204 - 51);
  EXPECT_EQ(set.pictures()[1].width_px, 160);
  // Within the picture bicubic weights of 16 px sum alike over even and odd places. At its edges the mirror puts two
  // equal pixels side by side, which one weight of at most 1/4 · 1/4 does not balance: below a tenth of the board.
  EXPECT_LT(range(set.pictures()[1]), (204 - 51) / 10);
}

TEST_F(PictureSetTest, small_pictures_are_left_out_with_a_remark_and_large_ones_reduced) {
  write_formula_picture(folder_ / "p/a.png", 400, 200);
  write_formula_picture(folder_ / "p/b.png", 400, 200);
  write_formula_picture(folder_ / "p/c.png", 60, 200);
  std::vector<std::string> remarks;
  const PictureSet set({.folders = {"p"}, .max_side_px = 300, .hold_out = "a"}, ColorModel::gray, folder_.path(), 64,
                       128, remarks);
  ASSERT_EQ(set.pictures().size(), 1u);
  EXPECT_EQ(set.pictures()[0].width_px, 300);
  EXPECT_EQ(set.pictures()[0].height_px, 150);
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_EQ(remarks[0].substr(0, 2), "1 ");
}

TEST_F(PictureSetTest, what_is_missing_is_named) {
  EXPECT_NE(refusal({.folders = {"nonesuch"}}).find("nonesuch"), std::string::npos);
  fs::create_directories(folder_ / "empty");
  EXPECT_NE(refusal({.folders = {"empty"}}).find("found none"), std::string::npos);
  write_formula_picture(folder_ / "small/a.png", 40, 40);
  write_formula_picture(folder_ / "small/b.png", 40, 40);
  EXPECT_NE(refusal({.folders = {"small"}}).find("64 px to train on"), std::string::npos);
  write_formula_picture(folder_ / "one/a.png", 100, 100);
  write_formula_picture(folder_ / "one/b.png", 100, 100);
  EXPECT_NE(refusal({.folders = {"one"}}).find("128 px to validate on"), std::string::npos);
  std::ofstream(folder_ / "one/c.png") << "no picture";
  EXPECT_NE(refusal({.folders = {"one"}}).find("c.png"), std::string::npos);
}

TEST_F(PictureSetTest, crops_come_from_everywhere_in_all_turns) {
  StoredPicture picture{ColorModel::gray, 20, 12, std::vector<std::uint8_t>(240)};
  std::array<int, 8> turns{};
  int last_x = 0;
  int last_y = 0;
  for (std::uint64_t n = 0; n < 400; ++n) {
    PatchRandom random(1, n);
    const PatchPlace place = draw_place(picture, 8, random);
    ASSERT_LE(place.x_px, 12);
    ASSERT_LE(place.y_px, 4);
    last_x = std::max(last_x, place.x_px);
    last_y = std::max(last_y, place.y_px);
    ++turns[static_cast<std::size_t>(place.turn)];
  }
  // Each of 13 columns is missed 400 times with probability (12/13)^400 = 1e-14.
  EXPECT_EQ(last_x, 12);
  EXPECT_EQ(last_y, 4);
  // Of 400, 50 ± 5·6.6 fall on each turn.
  for (const int count : turns) EXPECT_NEAR(count, 50, 33);
}

}  // namespace
}  // namespace rdenoise::training

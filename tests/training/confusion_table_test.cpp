// SPDX-License-Identifier: LGPL-2.1-or-later
#include "confusion_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>

#include "lib/network/random_weights.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

constexpr float slope = 10.F;

/// The score of "bright" is slope · (mean − 1/2), that of "dark" its negative, away from the border.
ClassifierModel light_meter() {
  ClassifierModel model;
  model.spec = build_network(
      {.network = "classifier", .image_channels = 1, .depth = 2, .width = 1, .classes = {"bright", "dark"}});
  model.weights = test::random_weights(model.spec, 1);
  const auto set = [&](const char* name, std::vector<float> values) {
    auto& tensor = model.weights.tensors.find(name)->second.values;
    ASSERT_EQ(tensor.size(), values.size());
    tensor = std::move(values);
  };
  set("stages.0.conv.weight", std::vector<float>(16, 1.F / 16.F));
  set("stages.0.conv.bias", {0.F});
  set("scores.weight", {slope, -slope});
  set("scores.bias", {-slope / 2.F, slope / 2.F});
  model.short_side_px = 64;
  return model;
}

class ThreePictures : public testing::Test {
 protected:
  void SetUp() override {
    write("bright/test/0.png", 0.9F);
    write("bright/test/1.png", 0.1F);  // in the wrong folder
    write("dark/test/0.png", 0.2F);
  }
  void write(const char* name, float signal) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write_picture(folder_ / name, {.image = test::flat_picture(ColorModel::rgb, 64, 64, signal)}, {});
  }

  test::TemporaryFolder folder_;
};

TEST_F(ThreePictures, are_counted_by_class_and_answer) {
  for (const bool gray : {false, true}) {
    const ConfusionTable table =
        measure_confusion(light_meter(), {.data = folder_.path(), .below = "test", .gray = gray}, 15.0);
    EXPECT_EQ(table.likeliest, (std::vector<std::vector<int>>{{1, 1}, {0, 1}}));
    EXPECT_EQ(table.unsure, (std::vector<int>{0, 0}));
    EXPECT_EQ(table.pictures(), 3);
    EXPECT_EQ(table.right(), 2);
    EXPECT_EQ(table.sure_and_right, 2);
  }
}

// Padding darkens the border, a share of 4 · 32/32² of the places by up to a half: scores are off by 10 · 0.9 / 16 at
// most, in the picture of 0.9; log-probabilities by twice that.
TEST_F(ThreePictures, loss_is_that_of_the_true_class) {
  const ConfusionTable table = measure_confusion(light_meter(), {.data = folder_.path(), .below = "test"}, 0.0);
  const auto loss = [](double gap) { return std::log1p(std::exp(-gap)); };
  const double expected = (loss(2 * slope * 0.4) + loss(-2 * slope * 0.4) + loss(2 * slope * 0.3)) / 3.0;
  EXPECT_NEAR(table.mean_loss, expected, 2.0 * slope * 0.1 / 16.0 / 3.0 + 0.01);
}

TEST_F(ThreePictures, below_the_least_confidence_are_unsure) {
  ClassifierModel careful = light_meter();
  careful.temperature = 20.0;  // probabilities near a half
  careful.least_confidence = 0.9;
  const ConfusionTable table = measure_confusion(careful, {.data = folder_.path(), .below = "test"}, 0.0);
  EXPECT_EQ(table.unsure, (std::vector<int>{2, 1}));
  EXPECT_EQ(table.right(), 2) << "the likeliest class counts all the same";
  EXPECT_EQ(table.sure_and_right, 0);
  const std::string text = to_markdown(table);
  EXPECT_NE(text.find("2 of 3 right (66.7 %), 0 of the 0 sure ones"), std::string::npos) << text;
  EXPECT_NE(text.find("| bright | 1 | 1 | 2 |\n| dark | 0 | 1 | 1 |\n"), std::string::npos) << text;
}

TEST_F(ThreePictures, of_a_missing_class_are_an_error_that_names_the_folder) {
  std::filesystem::remove_all(folder_ / "dark");
  try {
    (void)measure_confusion(light_meter(), {.data = folder_.path(), .below = "test"}, 0.0);
    FAIL() << "a class without pictures was passed over";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("dark"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace rdenoise::training

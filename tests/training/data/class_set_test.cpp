// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>

#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

class ClassSetTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const auto& [name, signal] : {std::pair{"dark", 0.2F}, {"bright", 0.8F}}) {
      std::filesystem::create_directories(folder_ / name);
      for (int n = 0; n < 3; ++n) {
        Picture picture;
        picture.image = test::flat_picture(ColorModel::rgb, 100 + 10 * n, 80, signal);
        write_picture(folder_ / name / (std::to_string(n) + ".png"), picture, {});
      }
    }
    std::filesystem::create_directories(folder_ / "one");
    std::filesystem::copy(folder_ / "dark/0.png", folder_ / "one/0.png");
  }
  static Recipe recipe(const std::string& folders) {
    return parse_recipe(
        "name = \"t\"\n[network]\nnetwork = \"classifier\"\ninput = \"rgb\"\ndepth = 3\nwidth = 8\n[data]\n"
        "folders = " +
            folders +
            "\nbatch = 16\n[task]\nkind = \"classify\"\nclasses = [\"dark\", "
            "\"bright\"]\nside_px = 32\n[noise]\nmax_8bit = 0.0\n",
        "test recipe");
  }

  test::TemporaryFolder folder_;
};

double mean(const Image& picture) {
  return std::accumulate(picture.samples().begin(), picture.samples().end(), 0.0) /
         static_cast<double>(picture.samples().size());
}

TEST_F(ClassSetTest, labels_are_those_of_the_pictures_folders) {
  const ClassSet set(recipe("[\"dark\", \"bright\"]"), folder_.path());
  int bright = 0;
  for (int i = 0; i < 16; ++i) {
    const LabelledPicture picture = set.training(2, i);
    EXPECT_EQ(picture.picture.width_px(), 32);
    EXPECT_NEAR(mean(picture.picture), picture.label == 1 ? 0.8 : 0.2, 0.5 / 255);
    bright += picture.label;
  }
  EXPECT_GT(bright, 0);
  EXPECT_LT(bright, 16);
}

// Reduction from 80 to 32 pixels averages 2.5² pixels, so σ falls by 2.5. Two pictures of 3·1024 values: five standard
// errors of the standard deviation are 5/√(2·6144) = 4.5 %.
TEST_F(ClassSetTest, noise_is_weakened_as_the_reduction_averages_it) {
  const ClassSet set(recipe("[\"dark\", \"bright\"]"), folder_.path());
  ASSERT_EQ(set.validation_count(), 2);
  double squares = 0.0;
  for (int i = 0; i < 2; ++i) {
    const LabelledPicture picture = set.validation(i, 25.0);
    EXPECT_EQ(picture.label, i);
    for (const float sample : picture.picture.samples())
      squares += std::pow(sample - std::round((i == 1 ? 0.8 : 0.2) * 255.0) / 255.0, 2) / 6144.0;
  }
  EXPECT_NEAR(std::sqrt(squares) * 255.0, 10.0, 0.45);
}

TEST_F(ClassSetTest, classes_without_pictures_enough_are_named) {
  try {
    const ClassSet set(recipe("[\"dark\", \"one\"]"), folder_.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("class bright"), std::string::npos) << error.what();
  }
  EXPECT_THROW(ClassSet(recipe("[\"dark\", \"nonesuch\"]"), folder_.path()), Error);
}

}  // namespace
}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_source.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>

#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

class ClassSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    torch::set_num_threads(1);
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
  static Recipe recipe(const std::string& folders, const std::string& noise = "[noise]\nmax_8bit = 0.0\n") {
    return parse_recipe(
        "name = \"t\"\n[network]\nnetwork = \"dncnn\"\ninput = \"rgb\"\ndepth = 3\nwidth = 8\n[data]\n"
        "folders = " +
            folders +
            "\nbatch = 16\n[task]\nkind = \"classify\"\nclasses = [\"dark\", "
            "\"bright\"]\nside_px = 32\n" +
            noise,
        "test recipe");
  }

  test::TemporaryFolder folder_;
};

TEST_F(ClassSourceTest, labels_are_those_of_the_pictures_folders) {
  const ClassSource source(recipe("[\"dark\", \"bright\"]"), folder_.path(), torch::kCPU);
  const ClassBatch batch = source.training_batch(2);
  ASSERT_EQ(batch.pictures.sizes(), (std::vector<std::int64_t>{16, 3, 32, 32}));
  for (int i = 0; i < 16; ++i) {
    const bool bright = batch.labels[i].item<std::int64_t>() == 1;
    EXPECT_NEAR(batch.pictures[i].mean().item<double>(), bright ? 0.8 : 0.2, 0.5 / 255);
  }
  EXPECT_GT(batch.labels.sum().item<std::int64_t>(), 0);
  EXPECT_LT(batch.labels.sum().item<std::int64_t>(), 16);
  EXPECT_TRUE(torch::equal(
      batch.pictures,
      ClassSource(recipe("[\"dark\", \"bright\"]"), folder_.path(), torch::kCPU).training_batch(2).pictures));
}

// Reduction from 80 to 32 pixels averages 2.5² pixels, so σ falls by 2.5. Two pictures of 3·1024 values: five standard
// errors of the standard deviation are 5/√(2·6144) = 4.5 %.
TEST_F(ClassSourceTest, noise_is_weakened_as_the_reduction_averages_it) {
  const ClassSource source(recipe("[\"dark\", \"bright\"]"), folder_.path(), torch::kCPU);
  const ClassBatch batch = source.validation_batch(25.0);
  ASSERT_EQ(batch.labels.size(0), 2);
  const torch::Tensor noise = batch.pictures - batch.pictures.mean({1, 2, 3}, true);
  EXPECT_NEAR(noise.std().item<double>() * 255.0, 10.0, 0.45);
}

TEST_F(ClassSourceTest, classes_without_pictures_enough_are_named) {
  try {
    const ClassSource source(recipe("[\"dark\", \"one\"]"), folder_.path(), torch::kCPU);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("class bright"), std::string::npos) << error.what();
  }
  EXPECT_THROW(ClassSource(recipe("[\"dark\", \"nonesuch\"]"), folder_.path(), torch::kCPU), Error);
}

}  // namespace
}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/sample_source.hpp"

#include <gtest/gtest.h>

#include <rdenoise/parallel.hpp>

#include "support/temporary_folder.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

class SampleSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int n = 0; n < 3; ++n) write_formula_picture(folder_ / "p" / (std::to_string(n) + ".png"), 180, 170 + n);
    for (const char* name : {"desk_1", "plug_1"}) {
      write_formula_picture(folder_ / "real" / "noisy" / (std::string(name) + ".png"), 140, 130, 0.05F);
      write_formula_picture(folder_ / "real" / "mean" / (std::string(name) + ".png"), 140, 130);
    }
  }
  SampleSource source(const std::string& data, const std::string& sections = "") const {
    const Recipe recipe = parse_recipe(
        "name = \"t\"\n[network]\nnetwork = \"dncnn\"\ninput = \"rgb\"\ndepth = 3\nwidth = 8\n[data]\nfolders = "
        "[\"p\"]\npatch_px = 24\nbatch = 6\n" +
            data + sections,
        "test recipe");
    return SampleSource(recipe, build_network(recipe.network), folder_.path());
  }

  test::TemporaryFolder folder_;
};

TEST_F(SampleSourceTest, a_sample_is_the_same_in_any_thread_and_order) {
  for (const char* kind : {"denoise", "camera", "general"}) {
    const SampleSource samples = source("", "[task]\nkind = \"" + std::string(kind) + "\"\n[noise]\nspatial = 0.5\n");
    std::vector<Sample> parallel(6);
    WorkerPool(2).run(6, [&](int, int i) { parallel[static_cast<std::size_t>(5 - i)] = samples.training(3, 5 - i); });
    for (int i = 0; i < 6; ++i) {
      const Sample alone = samples.training(3, i);
      const Sample& other = parallel[static_cast<std::size_t>(i)];
      EXPECT_TRUE(std::ranges::equal(alone.clean.samples(), other.clean.samples())) << kind;
      EXPECT_TRUE(std::ranges::equal(alone.noisy.samples(), other.noisy.samples())) << kind;
    }
    EXPECT_FALSE(std::ranges::equal(parallel[0].noisy.samples(), parallel[1].noisy.samples())) << kind;
  }
}

TEST_F(SampleSourceTest, every_second_batch_is_of_real_pairs) {
  const SampleSource samples = source("pairs = [\"real\"]\n");
  EXPECT_FALSE(samples.is_of_pairs(0));
  EXPECT_TRUE(samples.is_of_pairs(1));
  const Sample real = samples.training(1, 0);
  EXPECT_NEAR(real.noisy.samples()[0] - real.clean.samples()[0], 0.05F, 1.01F / 255.F);
  EXPECT_EQ(samples.validation_levels().back().label, "pairs");
  EXPECT_EQ(samples.validation_count(samples.validation_levels().back()), 1u);
  const SampleSource without = source("pairs = [\"real\"]\npair_batches = \"none\"\n");
  EXPECT_FALSE(without.is_of_pairs(1));
}

TEST_F(SampleSourceTest, validation_is_the_middle_of_the_held_out_picture_with_the_levels_noise) {
  const SampleSource samples = source("");
  const ValidationLevel level{"σ10", 0, 10.0};
  ASSERT_EQ(samples.validation_count(level), 1u);
  const Sample sample = samples.validation(level, 0);
  const Image picture = read_picture(folder_ / "p/0.png").image;
  // 180×170: the middle 128² begins at 26, 20 (even).
  for (int i = 0; i < 128; ++i) EXPECT_NEAR(sample.clean.at(1, i, i), picture.at(1, 26 + i, 20 + i), 1e-6F);
  EXPECT_FLOAT_EQ(sample.sigma.at(0, 5, 5), 10.F / 255.F);
  EXPECT_TRUE(std::ranges::equal(sample.noisy.samples(), samples.validation(level, 0).noisy.samples()));
}

TEST_F(SampleSourceTest, patches_below_the_receptive_field_are_remarked_on) {
  EXPECT_TRUE(source("").remarks().empty());
  const Recipe recipe = parse_recipe(
      "name = \"t\"\n[network]\nnetwork = \"dncnn\"\ninput = \"rgb\"\ndepth = 17\nwidth = 8\n[data]\nfolders = "
      "[\"p\"]\n"
      "patch_px = 24\n",
      "test recipe");
  const SampleSource deep(recipe, build_network(recipe.network), folder_.path());
  ASSERT_EQ(deep.remarks().size(), 1u);
  EXPECT_NE(deep.remarks()[0].find("35 px"), std::string::npos) << deep.remarks()[0];
}

}  // namespace
}  // namespace rdenoise::training

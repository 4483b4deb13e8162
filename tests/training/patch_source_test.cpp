// SPDX-License-Identifier: LGPL-2.1-or-later
#include "patch_source.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "data/sample_source.hpp"
#include "support/temporary_folder.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

class PatchSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    torch::set_num_threads(1);
    for (int n = 0; n < 3; ++n) write_formula_picture(folder_ / "p" / (std::to_string(n) + ".png"), 270, 260 + n);
    for (const char* name : {"desk_1", "plug_1"}) {
      write_formula_picture(folder_ / "real" / "noisy" / (std::string(name) + ".png"), 140, 130, 0.05F);
      write_formula_picture(folder_ / "real" / "mean" / (std::string(name) + ".png"), 140, 130);
    }
  }
  static Recipe recipe(const std::string& input, const std::string& data = "", const std::string& sections = "") {
    return parse_recipe("name = \"t\"\n[network]\nnetwork = \"ffdnet\"\ninput = \"" + input +
                            "\"\ndepth = 3\nwidth = 32\n[data]\nfolders = [\"p\"]\npatch_px = 24\nbatch = 6\n" + data +
                            sections,
                        "test recipe");
  }
  PatchSource source(const Recipe& of, BatchShare share = {}) const {
    return PatchSource(of, build_network(of.network), folder_.path(), torch::kCPU, share);
  }

  test::TemporaryFolder folder_;
};

void expect_same(const Batch& a, const Batch& b) {
  EXPECT_TRUE(torch::equal(a.clean, b.clean));
  EXPECT_TRUE(torch::equal(a.noisy, b.noisy));
  EXPECT_TRUE(torch::equal(a.sigma, b.sigma));
  EXPECT_TRUE(torch::equal(a.noise_map, b.noise_map));
}

TEST_F(PatchSourceTest, a_batch_holds_its_samples_and_the_denoisers_noise_map) {
  for (const std::string input : {"gray", "rgb", "bayer", "yuv420"}) {
    const Recipe r = recipe(input, "", "[noise]\nsignal_dependent = 1.0\n");
    const NetworkSpec spec = build_network(r.network);
    const Batch batch = source(r).make_batch(7);
    const SampleSource samples(r, spec, folder_.path());
    for (int i = 0; i < 6; ++i) {
      const Sample sample = samples.training(7, i);
      // Planes of yuv420 stand one below the other.
      const auto tensor = [](const Image& image) {
        return torch::from_blob(const_cast<float*>(image.samples().data()),
                                {image.plane_count() * image.height_px() / 24, 24, 24});
      };
      EXPECT_TRUE(torch::equal(batch.clean[i], tensor(sample.clean)));
      EXPECT_TRUE(torch::equal(batch.noisy[i], tensor(sample.noisy)));
      EXPECT_TRUE(torch::equal(batch.sigma[i], tensor(sample.sigma)));
      const int factor = spec.noise_map_layer()->factor;
      torch::Tensor map = tensor(sample.told_variance);
      if (factor > 1) map = torch::avg_pool2d(map.unsqueeze(0), factor)[0];
      EXPECT_TRUE(torch::allclose(batch.noise_map[i], map.sqrt(), 1e-5, 1e-7)) << input;
    }
  }
}

TEST_F(PatchSourceTest, batches_made_ahead_are_the_same_as_those_made_when_asked) {
  const PatchSource patches = source(recipe("gray", "pairs = [\"real\"]\n"));
  for (const std::int64_t step : {0, 1, 2, 3, 40, 41, 2}) {
    const Batch batch = patches.training_batch(step);
    expect_same(batch, patches.make_batch(step));
    EXPECT_EQ(batch.true_sigma, step % 2 == 0);
  }
}

TEST_F(PatchSourceTest, two_processes_make_the_halves_of_the_same_batch) {
  const Recipe r = recipe("rgb");
  const Batch whole = source(r).training_batch(4);
  const Batch first = source(r, {.index = 0, .count = 2}).training_batch(4);
  const Batch second = source(r, {.index = 1, .count = 2}).training_batch(4);
  EXPECT_TRUE(torch::equal(whole.noisy, torch::cat({first.noisy, second.noisy})));
  EXPECT_TRUE(torch::equal(whole.noise_map, torch::cat({first.noise_map, second.noise_map})));
  EXPECT_THROW((void)source(r, {.index = 0, .count = 4}), Error);
}

TEST_F(PatchSourceTest, validation_is_repeatable_at_every_level) {
  const PatchSource patches = source(recipe("gray", "pairs = [\"real\"]\n"));
  ASSERT_EQ(patches.validation_levels().size(), 4u);
  for (const ValidationLevel& level : patches.validation_levels()) {
    const Batch batch = patches.validation_batch(level);
    EXPECT_EQ(batch.clean.sizes(), (std::vector<std::int64_t>{1, 1, 128, 128}));
    EXPECT_EQ(batch.true_sigma, level.label != "pairs");
    expect_same(batch, patches.validation_batch(level));
  }
  expect_same(patches.validation_batch(25.0), patches.validation_batch({"σ25", 0, 25.0}));
  // Tasks without σ: all their levels at once.
  EXPECT_EQ(source(recipe("gray", "", "[task]\nkind = \"deblock\"\n")).validation_batch(25.0).clean.size(0), 4);
}

}  // namespace
}  // namespace rdenoise::training

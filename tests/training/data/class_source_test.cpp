// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data/class_source.hpp"

#include <gtest/gtest.h>

#include "data/class_set.hpp"
#include "support/temporary_folder.hpp"
#include "training/picture_files.hpp"

namespace rdenoise::training {
namespace {

TEST(class_source, batches_hold_the_pictures_of_the_set) {
  torch::set_num_threads(1);
  const test::TemporaryFolder folder;
  for (const char* name : {"a/0.png", "a/1.png", "b/0.png", "b/1.png"})
    write_formula_picture(folder / name, 60, 40, name[0] == 'a' ? 0.F : 0.1F);
  const Recipe recipe = parse_recipe(
      "name = \"t\"\n[network]\nnetwork = \"classifier\"\ninput = \"rgb\"\ndepth = 3\nwidth = 8\n[data]\nfolders = [\"a\", "
      "\"b\"]\nbatch = 4\n[task]\nkind = \"classify\"\nclasses = [\"a\", \"b\"]\nside_px = 16\n",
      "test recipe");
  const ClassSource source(recipe, folder.path(), torch::kCPU);
  const ClassSet set(recipe, folder.path());
  const auto expect_same = [](const ClassBatch& batch, int i, const LabelledPicture& expected) {
    const torch::Tensor picture = batch.pictures[i].contiguous();
    EXPECT_TRUE(std::ranges::equal(std::span(picture.data_ptr<float>(), expected.picture.samples().size()),
                                   expected.picture.samples()));
    EXPECT_EQ(batch.labels[i].item<std::int64_t>(), expected.label);
  };
  for (const std::int64_t step : {0, 1, 7}) {
    const ClassBatch batch = source.training_batch(step);
    ASSERT_EQ(batch.pictures.sizes(), (std::vector<std::int64_t>{4, 3, 16, 16}));
    for (int i = 0; i < 4; ++i) expect_same(batch, i, set.training(step, i));
  }
  const ClassBatch validation = source.validation_batch(15.0);
  ASSERT_EQ(validation.labels.size(0), 2);
  for (int i = 0; i < 2; ++i) expect_same(validation, i, set.validation(i, 15.0));
}

}  // namespace
}  // namespace rdenoise::training

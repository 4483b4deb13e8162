// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe_text.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "recipe.hpp"

namespace rdenoise::training {
namespace {

const std::string recipe = R"(# σ in 8-bit steps
name = "tiny"  # the model's
seed = 1
[network]
network = "ffdnet"
depth = 3
width = 8
[data]  # two folders
folders = ["a",
  "b"]
batch = 4 # global
[noise]
max_8bit = 50.0)";

TEST(with_setting, replaces_a_value_and_nothing_else) {
  EXPECT_EQ(with_setting(recipe, "data.batch=16").find("batch = 16 # global") != std::string::npos, true);
  EXPECT_EQ(with_setting(recipe, "data.batch=4"), recipe);
  const std::string folders = with_setting(recipe, "data.folders=[\"faces\"]");
  EXPECT_NE(folders.find("folders = [\"faces\"]\nbatch"), std::string::npos) << folders;
  EXPECT_NE(with_setting(recipe, "name=other").find("name = 'other'  # the model's"), std::string::npos)
      << with_setting(recipe, "name=other");
}

TEST(with_setting, adds_keys_and_sections_that_are_not_there) {
  const auto parsed = [](const std::string& setting) { return parse_recipe(with_setting(recipe, setting), setting); };
  EXPECT_EQ(parsed("noise.min_8bit=15").noise.min_8bit, 15.0);
  EXPECT_EQ(parsed("optimiser.algorithm=adam").optimiser.algorithm, "adam");
  EXPECT_EQ(parsed("optimiser.steps=7").optimiser.steps, 7);
  EXPECT_EQ(parsed("data.patch_px=48").data.patch_px, 48);
  EXPECT_EQ(parsed("validate_every=3").validate_every, 3);
  EXPECT_EQ(parsed("seed=9").seed, 9U);
  EXPECT_EQ(parsed("optimiser.steps=7").data.folders, (std::vector<std::string>{"a", "b"}));
}

TEST(with_setting, a_value_cannot_smuggle_in_another_setting) {
  const std::string changed = with_setting(recipe, "name=x\nseed = 5");
  EXPECT_EQ(parse_recipe(changed, "changed").seed, 1U);
  EXPECT_EQ(parse_recipe(with_setting(recipe, "name=\"x\" # y"), "changed").seed, 1U);
}

TEST(with_setting, what_is_no_setting_is_refused) {
  for (const char* text : {"", "seed", "=3", "seed=", "a.b.c=3", "data.=3", ".batch=3", "da ta.batch=3"})
    EXPECT_THROW((void)with_setting(recipe, text), Error) << text;
  // A key that no recipe has is an error of the recipe.
  EXPECT_THROW((void)parse_recipe(with_setting(recipe, "optimiser.stepz=3"), "changed"), Error);
}

TEST(differing_settings, names_each_with_both_values_and_no_comments) {
  EXPECT_TRUE(differing_settings(recipe, recipe + "\n# the end\n").empty());
  const std::string other = with_setting(with_setting(recipe, "data.batch=16"), "optimiser.steps=7");
  EXPECT_EQ(differing_settings(recipe, other),
            (std::vector<std::string>{"data.batch (4 and 16)", "optimiser.steps (nothing and 7)"}));
}

}  // namespace
}  // namespace rdenoise::training

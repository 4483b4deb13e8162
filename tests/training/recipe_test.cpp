// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe.hpp"

#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

const std::string good = R"(
name = "tiny"
[network]
network = "ffdnet"
input = "rgb"
depth = 3
width = 8
[data]
folders = ["a", "b"]
[noise]
max_8bit = 50.0
)";

std::string refusal(const std::string& text) {
  try {
    (void)parse_recipe(text, "test.toml");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("test.toml"), std::string::npos) << error.what();
    return error.what();
  }
  return {};
}

TEST(recipe, what_is_written_is_read_and_the_rest_keeps_its_default) {
  const Recipe recipe = parse_recipe(good, "test.toml");
  EXPECT_EQ(recipe.name, "tiny");
  EXPECT_EQ(recipe.network.input, InputDomain::rgb);
  EXPECT_EQ(recipe.network.image_channels, 3);
  EXPECT_EQ(recipe.data.folders, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(recipe.noise.max_8bit, 50.0);
  EXPECT_EQ(recipe.noise.min_8bit, NoiseRecipe().min_8bit);
  EXPECT_EQ(recipe.optimiser.steps, OptimiserRecipe().steps);
  EXPECT_EQ(recipe.text, good);
}

TEST(recipe, slips_are_refused_by_name) {
  EXPECT_NE(refusal(good + "maximum = 3.0\n").find("maximum"), std::string::npos);
  EXPECT_NE(refusal("nmae = \"x\"\n" + good).find("nmae"), std::string::npos);
  EXPECT_NE(refusal(good + "[data\n").find("TOML"), std::string::npos);
  EXPECT_NE(refusal(good + "[optimiser]\nsteps = \"many\"\n").find("steps"), std::string::npos);
  EXPECT_NE(refusal(good + "[optimiser]\ncompute = \"fp8\"\n").find("compute"), std::string::npos);
  EXPECT_NE(refusal(good + "[optimiser]\ninitialisation = \"zero\"\n").find("centre-light"), std::string::npos);
  EXPECT_FALSE(refusal(good + "min_8bit = 60.0\n").empty());
  EXPECT_FALSE(refusal("").empty());
}

TEST(recipe, every_shipped_recipe_is_good) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RECIPES_FOLDER)) {
    const Recipe recipe = read_recipe(entry.path());
    EXPECT_EQ(recipe.name, entry.path().stem().string());
    ++count;
  }
  EXPECT_GE(count, 3);
}

}  // namespace
}  // namespace rdenoise::training

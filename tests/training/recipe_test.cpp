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

TEST(recipe, a_classifier_says_when_it_is_unsure) {
  const std::string start =
      "name = \"t\"\n[network]\nnetwork = \"classifier\"\ndepth = 3\nwidth = 8\n[data]\nfolders = [\"a\", \"b\"]\n"
      "[task]\nkind = \"classify\"\nclasses = [\"a\", \"b\"]\n";
  EXPECT_EQ(parse_recipe(start, "test").task.least_confidence, 0.5);
  EXPECT_EQ(parse_recipe(start + "least_confidence = 0.75\n", "test").task.least_confidence, 0.75);
  EXPECT_NE(refusal(start + "least_confidence = 1.5\n").find("least_confidence"), std::string::npos);
  EXPECT_NE(refusal(start + "side_px = 8\n").find("side_px"), std::string::npos) << "no classifier can be that small";
}

TEST(recipe, sections_of_the_data_are_read) {
  const Recipe recipe = parse_recipe(
      "name = \"t\"\n[network]\nnetwork = \"dncnn\"\ninput = \"rgb\"\ndepth = 3\nwidth = 8\n"
      "[data]\nfolders = [\"a\"]\npatch_px = 41\npairs = [\"real\"]\nhold_out = \"_C1_\"\n"
      "[task]\nkind = \"camera\"\n[camera]\ncurves = \"c.mat\"\njpeg = 1.0\n[noise]\ntold_error = 0.1\n",
      "test.toml");
  EXPECT_EQ(recipe.data.patch_px, 41);
  EXPECT_EQ(recipe.data.pairs, std::vector<std::string>{"real"});
  EXPECT_EQ(recipe.data.pair_batches, "alternate");
  EXPECT_EQ(recipe.task.kind, "camera");
  EXPECT_EQ(recipe.camera.curves, "c.mat");
  EXPECT_EQ(recipe.noise.told_error, 0.1);
}

TEST(recipe, values_that_make_no_sense_are_refused_by_name) {
  const auto with = [](const std::string& data, const std::string& sections, const std::string& input = "rgb") {
    return "name = \"t\"\n[network]\nnetwork = \"ffdnet\"\ninput = \"" + input +
           "\"\ndepth = 3\nwidth = 32\n[data]\nfolders = [\"a\"]\n" + data + sections;
  };
  EXPECT_TRUE(refusal(with("", "")).empty());
  const auto expect_named = [&](const std::string& text, const std::string& key) {
    EXPECT_NE(refusal(text).find(key), std::string::npos) << key << ": " << refusal(text);
  };
  expect_named(with("patch_px = 41\n", ""), "multiple of 2");
  expect_named(with("scales = [2.0]\n", ""), "scales");
  expect_named(with("details_px = [0.5]\n", ""), "details_px");
  expect_named(with("hold_out = \"(\"\n", ""), "hold_out");
  expect_named(with("scene = \"no group\"\n", ""), "group");
  expect_named(with("pair_batches = \"often\"\n", ""), "alternate");
  expect_named(with("pairs = [\"p\"]\n", "", "bayer"), "pairs");
  expect_named(with("", "[task]\nkind = \"sharpen\"\n"), "sharpen");
  expect_named(with("", "[task]\nkind = \"deblock\"\n", "bayer"), "mosaics");
  expect_named(with("pairs = [\"p\"]\n", "", "yuv420"), "4:2:0");
  expect_named(with("", "[task]\nkind = \"deblock\"\n", "yuv420"), "4:2:0");
  expect_named(with("", "[task]\nkind = \"camera\"\n", "gray"), "rgb");
  expect_named(with("", "[task]\njpeg_quality = [50, 10]\n"), "jpeg_quality");
  expect_named(with("", "[task]\nfactors = [5]\n"), "factors");
  expect_named(with("", "[task]\nshares = [0.0, 0.0, 0.0]\n"), "shares");
  expect_named(with("", "[task]\nkind = \"classify\"\n"), "classes");
  expect_named(with("", "[task]\nkind = \"classify\"\nclasses = [\"x\", \"y\"]\n"), "classes");
  expect_named(with("", "[noise]\nmin_8bit = -1.0\n"), "min_8bit");
  expect_named(with("", "[noise]\nspatial = 2.0\n"), "spatial");
  expect_named(with("", "[noise]\ntold_error = 1.0\n"), "told_error");
  expect_named(with("", "[camera]\nkind = \"phone\"\n"), "phone");
  expect_named(with("", "[camera]\nlens = 1\n"), "lens");
  expect_named("noise = 3\n" + with("", ""), "section");
}

TEST(recipe, every_shipped_recipe_is_good) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RECIPES_FOLDER)) {
    const Recipe recipe = read_recipe(entry.path());
    EXPECT_EQ(recipe.name, entry.path().stem().string());
    const NetworkSpec spec = build_network(recipe.network);
    EXPECT_GT(parameter_count(spec), 0) << recipe.name;
    EXPECT_EQ(recipe.data.patch_px % alignment_px(spec), 0) << recipe.name;
    ++count;
  }
  EXPECT_GE(count, 20);
}

}  // namespace
}  // namespace rdenoise::training

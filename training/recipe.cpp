// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <rdenoise/error.hpp>
#include <sstream>

#include "recipe_table.hpp"

namespace rdenoise::training {
namespace {

void require(bool condition, const std::string& where, const std::string& expected) {
  if (!condition)
    throw Error(ErrorCode::corrupt, "reading " + where + ": expected " + expected + ", found another value");
}

}  // namespace

Recipe parse_recipe(const std::string& text, const std::string& where) {
  toml::table root;
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    std::ostringstream at;
    at << error.source().begin;
    throw Error(ErrorCode::corrupt,
                "reading " + where + ": expected TOML, found at " + at.str() + ": " + std::string(error.description()));
  }
  Recipe recipe;
  recipe.text = text;

  RecipeTable top(&root, where);
  for (const char* table : {"network", "data", "noise", "loss", "optimiser"}) top.known(table);
  top.read("name", recipe.name);
  top.read("seed", recipe.seed);
  top.read("validate_every", recipe.validate_every);
  top.finish();

  RecipeTable network(root["network"].as_table(), where + " [network]");
  std::string input = "gray";
  network.read("network", recipe.network.network);
  network.read("input", input);
  network.read("depth", recipe.network.depth);
  network.read("width", recipe.network.width);
  network.read("batch_norm", recipe.network.batch_norm);
  network.read("bias", recipe.network.bias);
  network.read("residual", recipe.network.residual);
  network.finish();
  bool known_input = false;
  for (const InputDomain domain : {InputDomain::gray, InputDomain::rgb, InputDomain::bayer})
    if (input == to_string(domain)) {
      recipe.network.input = domain;
      known_input = true;
    }
  require(known_input, where + " [network] input", "gray, rgb or bayer");
  recipe.network.image_channels = recipe.network.input == InputDomain::rgb ? 3 : 1;

  RecipeTable data(root["data"].as_table(), where + " [data]");
  data.read_list("folders", recipe.data.folders);
  data.read_list("scales", recipe.data.scales);
  data.read("patch_px", recipe.data.patch_px);
  data.read("batch", recipe.data.batch);
  data.read("hold_out_every", recipe.data.hold_out_every);
  data.finish();

  RecipeTable noise(root["noise"].as_table(), where + " [noise]");
  noise.read("min_8bit", recipe.noise.min_8bit);
  noise.read("max_8bit", recipe.noise.max_8bit);
  noise.read("signal_dependent", recipe.noise.signal_dependent);
  noise.finish();

  RecipeTable optimiser(root["optimiser"].as_table(), where + " [optimiser]");
  std::string initialisation(to_string(recipe.optimiser.initialisation));
  optimiser.read("initialisation", initialisation);
  optimiser.read("algorithm", recipe.optimiser.algorithm);
  optimiser.read("muon_learning_rate", recipe.optimiser.muon_learning_rate);
  optimiser.read("learning_rate", recipe.optimiser.learning_rate);
  optimiser.read("final_learning_rate", recipe.optimiser.final_learning_rate);
  optimiser.read("steps", recipe.optimiser.steps);
  optimiser.read("warmup_steps", recipe.optimiser.warmup_steps);
  optimiser.read("decay_from", recipe.optimiser.decay_from);
  optimiser.read("clip_factor", recipe.optimiser.clip_factor);
  optimiser.read("average_decay", recipe.optimiser.average_decay);
  optimiser.read("compute", recipe.optimiser.compute);
  optimiser.finish();

  require(!recipe.name.empty(), where + " name", "a model name");
  require(!recipe.data.folders.empty(), where + " [data] folders", "at least one folder");
  require(recipe.data.patch_px >= 8 && recipe.data.patch_px % 2 == 0, where + " [data] patch_px",
          "an even number of at least 8");
  require(recipe.data.batch >= 1, where + " [data] batch", "at least 1");
  require(recipe.data.hold_out_every >= 2, where + " [data] hold_out_every", "at least 2");
  require(recipe.noise.min_8bit >= 0 && recipe.noise.max_8bit >= recipe.noise.min_8bit, where + " [noise]",
          "0 ≤ min_8bit ≤ max_8bit");
  const auto start = find_initialisation(initialisation);
  require(start.has_value(), where + " [optimiser] initialisation", "one of " + initialisation_names());
  recipe.optimiser.initialisation = *start;
  require(recipe.optimiser.algorithm == "adam" || recipe.optimiser.algorithm == "muon",
          where + " [optimiser] algorithm", "adam or muon");
  require(recipe.optimiser.compute == "bf16" || recipe.optimiser.compute == "f32", where + " [optimiser] compute",
          "bf16 or f32");
  require(recipe.optimiser.steps >= 1 && recipe.validate_every >= 1, where, "steps and validate_every of at least 1");
  const NetworkSpec spec = build_network(recipe.network);
  check_initialisation(spec, recipe.optimiser.initialisation);
  require(!root.contains("loss") || root["loss"].is_table(), where + " loss", "a section");
  recipe.loss = parse_loss(root["loss"].as_table(), where + " [loss]", spec);
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream)
    throw Error(ErrorCode::not_found, "reading " + path.string() + ": expected a recipe, found no readable file");
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_recipe(text.str(), path.string());
}

}  // namespace rdenoise::training

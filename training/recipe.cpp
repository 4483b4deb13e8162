// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe.hpp"

#include <toml++/toml.h>

#include <algorithm>
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
  for (const char* table : {"network", "data", "task", "noise", "camera", "loss", "optimiser"}) top.known(table);
  top.read("name", recipe.name);
  top.read("seed", recipe.seed);
  top.read("validate_every", recipe.validate_every);
  top.finish();
  require(!recipe.name.empty(), where + " name", "a model name");

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
  const auto domain = std::ranges::find(input_domains, input, [](InputDomain known) { return to_string(known); });
  require(domain != input_domains.end(), where + " [network] input", "gray, rgb, bayer or yuv420");
  recipe.network.input = *domain;
  recipe.network.image_channels = image_channels_of(*domain);

  const auto section = [&](const char* name) {
    require(!root.contains(name) || root[name].is_table(), where + " " + name, "a section");
    return RecipeTable(root[name].as_table(), where + " [" + name + "]");
  };
  recipe.task = parse_task(section("task"), recipe.network.input);
  recipe.network.classes = recipe.task.classes;
  // Networks either denoise or tell classes apart, and only one task needs the latter.
  require((recipe.network.network == "classifier") == (recipe.task.kind == "classify"), where + " [network] network",
          "classifier for task classify and for no other, with its classes in [task]");
  const NetworkSpec spec = build_network(recipe.network);
  recipe.data = parse_data(section("data"), spec);
  recipe.noise = parse_noise(section("noise"));
  recipe.camera = parse_camera(section("camera"));
  require(!root.contains("loss") || root["loss"].is_table(), where + " loss", "a section");
  recipe.loss = parse_loss(root["loss"].as_table(), where + " [loss]", spec);

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

  require(recipe.task.kind != "classify" || recipe.task.classes.size() == recipe.data.folders.size(),
          where + " [task] classes", "a name for each of the data folders");
  const auto start = find_initialisation(initialisation);
  require(start.has_value(), where + " [optimiser] initialisation", "one of " + initialisation_names());
  recipe.optimiser.initialisation = *start;
  check_initialisation(spec, recipe.optimiser.initialisation);
  require(recipe.optimiser.algorithm == "adam" || recipe.optimiser.algorithm == "muon",
          where + " [optimiser] algorithm", "adam or muon");
  require(recipe.optimiser.compute == "bf16" || recipe.optimiser.compute == "f32", where + " [optimiser] compute",
          "bf16 or f32");
  require(recipe.optimiser.steps >= 1 && recipe.validate_every >= 1, where, "steps and validate_every of at least 1");
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

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recipe.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <rdenoise/error.hpp>
#include <set>
#include <sstream>

namespace rdenoise::training {
namespace {

/// One table of the recipe; remembers what was asked for, so that what is left over can be reported.
class Table {
 public:
  Table(const toml::table* table, std::string where) : table_(table), where_(std::move(where)) {}

  template <typename T>
  void read(const char* key, T& value) {
    known_.insert(key);
    if (table_ == nullptr || !table_->contains(key)) return;
    const auto found = table_->at(key).value<T>();
    if (!found) fail(key);
    value = *found;
  }

  template <typename T>
  void read_list(const char* key, std::vector<T>& values) {
    known_.insert(key);
    if (table_ == nullptr || !table_->contains(key)) return;
    const toml::array* array = table_->at(key).as_array();
    if (array == nullptr || array->empty()) fail(key);
    values.clear();
    for (const auto& item : *array) {
      const auto value = item.value<T>();
      if (!value) fail(key);
      values.push_back(*value);
    }
  }

  void finish() const {
    if (table_ == nullptr) return;
    for (const auto& [key, value] : *table_)
      if (!known_.contains(std::string(key.str())))
        throw Error(ErrorCode::corrupt,
                    "reading " + where_ + ": expected known keys, found \"" + std::string(key.str()) + "\"");
  }

  void known(const char* key) { known_.insert(key); }

 private:
  [[noreturn]] void fail(const char* key) const {
    std::ostringstream found;
    found << toml::node_view<const toml::node>(table_->get(key));
    throw Error(ErrorCode::corrupt, "reading " + where_ + ", " + key + ": expected another type, found " + found.str());
  }

  const toml::table* table_;
  std::string where_;
  std::set<std::string> known_;
};

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

  Table top(&root, where);
  for (const char* table : {"network", "data", "noise", "optimiser"}) top.known(table);
  top.read("name", recipe.name);
  top.read("seed", recipe.seed);
  top.read("validate_every", recipe.validate_every);
  top.finish();

  Table network(root["network"].as_table(), where + " [network]");
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

  Table data(root["data"].as_table(), where + " [data]");
  data.read_list("folders", recipe.data.folders);
  data.read_list("scales", recipe.data.scales);
  data.read("patch_px", recipe.data.patch_px);
  data.read("batch", recipe.data.batch);
  data.read("hold_out_every", recipe.data.hold_out_every);
  data.finish();

  Table noise(root["noise"].as_table(), where + " [noise]");
  noise.read("min_8bit", recipe.noise.min_8bit);
  noise.read("max_8bit", recipe.noise.max_8bit);
  noise.read("signal_dependent", recipe.noise.signal_dependent);
  noise.finish();

  Table optimiser(root["optimiser"].as_table(), where + " [optimiser]");
  optimiser.read("initialisation", recipe.optimiser.initialisation);
  optimiser.read("algorithm", recipe.optimiser.algorithm);
  optimiser.read("muon_learning_rate", recipe.optimiser.muon_learning_rate);
  optimiser.read("learning_rate", recipe.optimiser.learning_rate);
  optimiser.read("final_learning_rate", recipe.optimiser.final_learning_rate);
  optimiser.read("steps", recipe.optimiser.steps);
  optimiser.read("warmup_steps", recipe.optimiser.warmup_steps);
  optimiser.read("decay_from", recipe.optimiser.decay_from);
  optimiser.read("clip_factor", recipe.optimiser.clip_factor);
  optimiser.read("average_decay", recipe.optimiser.average_decay);
  optimiser.read("loss_power", recipe.optimiser.loss_power);
  optimiser.read("sigma_power", recipe.optimiser.sigma_power);
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
  require(recipe.optimiser.initialisation == "he" || recipe.optimiser.initialisation == "linear",
          where + " [optimiser] initialisation", "he or linear");
  require(recipe.optimiser.algorithm == "adam" || recipe.optimiser.algorithm == "muon",
          where + " [optimiser] algorithm", "adam or muon");
  require(recipe.optimiser.compute == "bf16" || recipe.optimiser.compute == "f32", where + " [optimiser] compute",
          "bf16 or f32");
  require(recipe.optimiser.steps >= 1 && recipe.validate_every >= 1, where, "steps and validate_every of at least 1");
  (void)build_network(recipe.network);
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

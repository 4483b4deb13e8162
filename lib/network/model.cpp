// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <set>
#include <sstream>

#include "network/class_folder.hpp"

namespace rdenoise {
namespace {

namespace fs = std::filesystem;
constexpr const char* weights_name = "weights.safetensors";

bool is_model_folder(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / weights_name, error);
}

/// "; there are A, B, C": for whoever mistyped a name.
std::string with_known_names() {
  std::string names;
  for (const std::string& name : list_models()) names += (names.empty() ? "; there are " : ", ") + name;
  return names;
}

/// The weights file that a name or path stands for.
fs::path find_weights(std::string_view name_or_path) {
  const fs::path given{std::string(name_or_path)};
  std::error_code error;
  if (fs::is_regular_file(given, error)) return given;
  if (is_model_folder(given)) return given / weights_name;
  std::string searched;
  // A name with a slash is a path and nothing else.
  if (!given.has_parent_path()) {
    for (const fs::path& folder : model_search_path()) {
      if (!given.empty() && is_model_folder(folder / given)) return folder / given / weights_name;
      searched += (searched.empty() ? "" : ":") + folder.string();
    }
  }
  std::string message = "loading model \"" + std::string(name_or_path) +
                        "\": expected a model folder, a .safetensors file" +
                        (searched.empty() ? "" : " or a name in " + searched) + ", found none";
  if (!searched.empty()) message += with_known_names();
  throw Error(ErrorCode::not_found, message);
}

void read_noise_range(const Weights& weights, Model& model) {
  const auto found = weights.metadata.find("noise_range_8bit");
  if (found == weights.metadata.end()) return;
  std::istringstream text(found->second);
  double low = 0.0;
  double high = 0.0;
  char comma = 0;
  if (!(text >> low >> comma >> high) || comma != ',' || low < 0 || high < low)
    throw Error(ErrorCode::corrupt,
                "reading model metadata, noise_range_8bit: expected \"low,high\", found \"" + found->second + "\"");
  model.noise_range_8bit[0] = low;
  model.noise_range_8bit[1] = high;
}

}  // namespace

std::vector<fs::path> model_search_path() {
  std::vector<fs::path> folders;
  if (const char* variable = std::getenv("RDENOISE_MODEL_PATH")) {
    std::istringstream list{std::string(variable)};
    for (std::string folder; std::getline(list, folder, ':');)
      if (!folder.empty()) folders.emplace_back(folder);
  }
  folders.emplace_back(RDENOISE_INSTALLED_MODELS);
  return folders;
}

std::vector<std::string> list_models() {
  std::set<std::string> names;
  for (const fs::path& folder : model_search_path()) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (is_model_folder(entry.path())) names.insert(entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

Model load_model(std::string_view name_or_path) {
  const fs::path path = find_weights(name_or_path);
  Weights weights = read_safetensors(path);
  const bool is_in_folder = path.filename() == weights_name;
  Model model;
  naming_model_file(path, [&] {
    if (!weights.metadata.contains("rdenoise.format")) weights = import_state_dict(weights);
    model.path = path;
    model.name = is_in_folder ? fs::absolute(path).parent_path().filename().string() : path.stem().string();
    read_noise_range(weights, model);
    FoldedNetwork folded = fold_batch_norm(build_network(params_from_metadata(weights.metadata)), weights);
    model.spec = std::move(folded.spec);
    model.weights = std::move(folded.weights);
  });
  if (is_in_folder) load_classes(path.parent_path(), model);
  return model;
}

}  // namespace rdenoise

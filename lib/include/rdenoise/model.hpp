// SPDX-License-Identifier: LGPL-2.1-or-later
// Model folders: a network's description with trained weights, found by name.
#pragma once

#include <filesystem>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

namespace rdenoise {

/// A network ready to be handed to an executor: batch norm folded, weights checked.
struct Model {
  std::string name;
  std::filesystem::path path;     ///< of weights.safetensors
  NetworkSpec spec;
  Weights weights;
  double noise_range_8bit[2] = {0.0, 75.0};  ///< σ it was trained for
};

/// Reads a safetensors file.  throws  Error{not_found|io|corrupt} naming the file
[[nodiscard]] Weights read_safetensors(const std::filesystem::path& path);

/// Writes a safetensors file (f32), atomically.
void write_safetensors(const std::filesystem::path& path, const Weights& weights);

/// The metadata that names a network in a file: rdenoise.format = 1, rdenoise.network, channels, depth, …
[[nodiscard]] std::map<std::string, std::string, std::less<>> to_metadata(const NetworkParams& params);
/// throws  Error{corrupt|unsupported}
[[nodiscard]] NetworkParams params_from_metadata(const std::map<std::string, std::string, std::less<>>& metadata);

/// Finds the network of a plain state dict from tensor names and shapes (or only tries `network`), and returns weights
/// named and annotated as this project names them.
/// throws  Error{unsupported} if no architecture knows the tensors
[[nodiscard]] Weights import_state_dict(const Weights& plain, std::string_view network = {});

/// Loads a model by name (looked up in model_search_path) or by path of a folder or .safetensors file. A file without
/// rdenoise metadata is imported on the fly.
/// throws  Error{not_found|corrupt|unsupported}
[[nodiscard]] Model load_model(std::string_view name_or_path);

/// RDENOISE_MODEL_PATH (colon-separated), then the installed data folder.
[[nodiscard]] std::vector<std::filesystem::path> model_search_path();

/// Names of the models found on the search path, sorted, first hit wins.
[[nodiscard]] std::vector<std::string> list_models();

}  // namespace rdenoise

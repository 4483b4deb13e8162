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
  std::filesystem::path path;  ///< of weights.safetensors
  NetworkSpec spec;
  Weights weights;
  double noise_range_8bit[2] = {0.0, 75.0};  ///< σ it was trained for
};

/// Reads a safetensors file. F16, BF16 and F64 become float.  throws  Error{not_found|io|corrupt} naming the file
[[nodiscard]] Weights read_safetensors(const std::filesystem::path& path);

/// Writes a safetensors file (f32), atomically.
void write_safetensors(const std::filesystem::path& path, const Weights& weights);

/// The metadata that names a network in a file: rdenoise.format = 1, rdenoise.network, channels, depth, …
[[nodiscard]] std::map<std::string, std::string, std::less<>> to_metadata(const NetworkParams& params);
/// throws  Error{corrupt|unsupported}
[[nodiscard]] NetworkParams params_from_metadata(const std::map<std::string, std::string, std::less<>>& metadata);

/// In which order weights of FFDNet take the four pixels of a cell; tensors do not show it.
enum class SubImageOrder {
  row_major,    ///< c·4 + dy·2 + dx: PyTorch's, and every file written by Python
  column_major  ///< c·4 + dx·2 + dy: the authors' MATLAB files
};
[[nodiscard]] std::string_view to_string(SubImageOrder order) noexcept;
/// throws  Error{invalid_argument} for other words than row-major, column-major
[[nodiscard]] SubImageOrder parse_sub_image_order(std::string_view text);

/// Finds the network of a plain state dict from tensor names and shapes (or only tries `network`), and returns weights
/// named, ordered and annotated as this project does it.
///
/// order  of the file's sub-images, unless its metadata have an entry sub_image_order, which wins
/// throws  Error{unsupported} if no architecture knows the tensors
/// throws  Error{corrupt} if one does, but they are not all there, or not finite, naming the first by the file's name
[[nodiscard]] Weights import_state_dict(const Weights& plain, std::string_view network = {},
                                        SubImageOrder order = SubImageOrder::row_major);

/// Loads a model by name (looked up in model_search_path) or by path of a folder or .safetensors file. A file without
/// rdenoise metadata is imported on the fly.
/// throws  Error{not_found|corrupt|unsupported}
[[nodiscard]] Model load_model(std::string_view name_or_path);

/// RDENOISE_MODEL_PATH (colon-separated), then the installed data folder.
[[nodiscard]] std::vector<std::filesystem::path> model_search_path();

/// Names of the models found on the search path, sorted, first hit wins.
[[nodiscard]] std::vector<std::string> list_models();

}  // namespace rdenoise

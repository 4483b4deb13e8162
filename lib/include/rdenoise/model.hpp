// SPDX-License-Identifier: LGPL-2.1-or-later
// Model folders: a network's description with trained weights, found by name.
#pragma once

#include <filesystem>
#include <optional>
#include <rdenoise/network.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rdenoise {

/// Tells to which class a picture belongs.
struct ClassifierModel {
  std::filesystem::path path;
  NetworkSpec spec;  ///< params.classes are the names
  Weights weights;
  /// The scores are divided by it before the softmax, so that probabilities are as often right as they say: Guo,
  /// Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017, section 4.2. Metadata
  /// `temperature`.
  double temperature = 1.0;
  double least_confidence = 0.5;  ///< below it the class-agnostic weights are used. Metadata `least_confidence`
  int short_side_px = 128;        ///< shorter side of the reduced picture that it sees. Metadata `short_side_px`
};

/// A network ready to be handed to an executor: batch norm folded, weights checked.
///
/// A class-aware model has weights for single classes of pictures beside those that suit all:
///   weights.safetensors        class-agnostic
///   classes/NAME.safetensors   the same layers; metadata `class` = NAME
///   classifier.safetensors     chooses among them; metadata `classes` = their names with commas between
/// (Remez, Litany, Giryes, Bronstein, "Class-aware fully convolutional Gaussian and Poisson denoising", IEEE TIP 2018.)
/// Classes that the classifier does not know can be chosen by name only.
struct Model {
  std::string name;
  std::filesystem::path path;  ///< of weights.safetensors
  NetworkSpec spec;
  Weights weights;
  double noise_range_8bit[2] = {0.0, 75.0};                  ///< σ it was trained for
  std::map<std::string, Weights, std::less<>> by_class;      ///< weights of single classes, for the same spec
  std::optional<ClassifierModel> classifier = std::nullopt;  ///< there exactly if by_class is not empty
};

/// Reads a safetensors file. F16, BF16 and F64 become float.  throws  Error{not_found|io|corrupt} naming the file
[[nodiscard]] Weights read_safetensors(const std::filesystem::path& path);

/// What numbers of a file are kept in. f16 takes half the room; its 11 bits change a network's result by far less than
/// the network errs: see the cards.
enum class StoredNumber { f32, f16 };

/// Writes a safetensors file, atomically.
/// throws  Error{invalid_argument} for weights that f16 can't hold, Error{io}
void write_safetensors(const std::filesystem::path& path, const Weights& weights,
                       StoredNumber stored = StoredNumber::f32);

/// Replaces and adds entries of a safetensors file's metadata, atomically; the tensors stay as they are, bit by bit.
/// prefixes  entries whose names start with one of these are removed first
/// throws    Error{not_found|io|corrupt} naming the file
void update_safetensors_metadata(const std::filesystem::path& path, std::span<const std::string_view> prefixes,
                                 const std::map<std::string, std::string, std::less<>>& entries);

/// PSNR that a precision loses against f32 on the pictures of the model's calibration: mean over the pictures, the
/// worst of the noise levels. Peak 1 over the whole picture, results clipped; of yuv420 models that of all samples.
struct PrecisionLoss {
  Precision precision = Precision::f32;
  double psnr_db = 0.0;
};

/// The losses that a weights file tells, in metadata entries such as "psnr_loss_db.bf16"; f32 has none. throws
/// Error{corrupt} for one that is no number
[[nodiscard]] std::vector<PrecisionLoss> precision_losses(const Weights& weights);

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
/// rdenoise metadata is imported on the fly. A folder's classes come along, also if the path is that of its
/// weights.safetensors.
/// throws  Error{not_found|corrupt|unsupported} naming the file; corrupt also for classes without a classifier, a
///         classifier without its classes, and a class whose layers are not those of the class-agnostic weights
[[nodiscard]] Model load_model(std::string_view name_or_path);

/// The model with the weights of one class alone, "none" being the class-agnostic ones: neither classes nor classifier.
/// throws  Error{not_found} if it has no such class
[[nodiscard]] Model with_weights_of(const Model& model, std::string_view class_name);

/// Reads a classifier.  throws  Error{not_found|corrupt|unsupported} naming the file
[[nodiscard]] ClassifierModel load_classifier(const std::filesystem::path& path);

/// Writes a class of a model folder, classes/NAME.safetensors; makes the folders.
/// weights  with the metadata of to_metadata
/// throws   Error{invalid_argument} for a name other than letters, digits, - and _, or auto or none; Error{io}
void write_class_weights(const std::filesystem::path& model_folder, std::string_view class_name, Weights weights,
                         StoredNumber stored = StoredNumber::f32);

/// Writes a model folder's classifier.safetensors. The classes' weights should be there before.
/// throws  Error{invalid_argument} if the network is no classifier or a number out of range; Error{corrupt} for weights
///         that do not fit; Error{io}
void write_classifier(const std::filesystem::path& model_folder, const ClassifierModel& classifier);

/// RDENOISE_MODEL_PATH (colon-separated), then the installed data folder.
[[nodiscard]] std::vector<std::filesystem::path> model_search_path();

/// Names of the models found on the search path, sorted, first hit wins.
[[nodiscard]] std::vector<std::string> list_models();

}  // namespace rdenoise

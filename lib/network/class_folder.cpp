// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/class_folder.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "network/class_names.hpp"

namespace rdenoise {
namespace {

namespace fs = std::filesystem;
constexpr const char* classes_folder_name = "classes";
constexpr const char* classifier_name = "classifier.safetensors";
constexpr std::string_view weights_extension = ".safetensors";

/// Below, there is nothing to recognise; above, reducing the picture makes no sense.
constexpr int least_short_side_px = 16;
constexpr int most_short_side_px = 2048;

struct NumberRange {
  const char* key;
  double least;
  double most;
};
// A temperature of 0 would divide by it; that of a trained network is about 1.
constexpr NumberRange temperature_range{"temperature", 1e-3, 1e3};
constexpr NumberRange confidence_range{"least_confidence", 0.0, 1.0};
constexpr NumberRange short_side_range{"short_side_px", least_short_side_px, most_short_side_px};

std::string number_text(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

[[noreturn]] void refuse_number(ErrorCode code, const NumberRange& range, const std::string& found) {
  throw Error(code, std::string("classifier, ") + range.key + ": expected a number from " + number_text(range.least) +
                        " to " + number_text(range.most) + ", found \"" + found + "\"");
}

bool is_in(const NumberRange& range, double value) { return value >= range.least && value <= range.most; }

/// The entry's number; `fallback` if there is none.
double number_entry(const Weights& weights, const NumberRange& range, double fallback) {
  const auto found = weights.metadata.find(range.key);
  if (found == weights.metadata.end()) return fallback;
  const std::string& text = found->second;
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !is_in(range, value))
    refuse_number(ErrorCode::corrupt, range, text);
  return value;
}

Weights load_class(const fs::path& path, const std::string& name, const NetworkSpec& spec) {
  const Weights weights = read_safetensors(path);
  Weights result;
  naming_model_file(path, [&] {
    if (!is_class_name(name))
      throw Error(ErrorCode::corrupt,
                  std::string("reading a class: expected a file named by ") + class_name_rule + ", found another");
    const auto entry = weights.metadata.find("class");
    if (entry == weights.metadata.end() || entry->second != name)
      throw Error(ErrorCode::corrupt,
                  "reading model metadata, class: expected \"" + name + "\" as the file is named, found " +
                      (entry == weights.metadata.end() ? std::string("none") : "\"" + entry->second + "\""));
    FoldedNetwork folded = fold_batch_norm(build_network(params_from_metadata(weights.metadata)), weights);
    if (folded.spec.params.network != spec.params.network || folded.spec.params.input != spec.params.input ||
        folded.spec.layers != spec.layers)
      throw Error(ErrorCode::corrupt,
                  "reading a class: expected the layers of the class-agnostic weights (" + spec.params.network +
                      " of " + std::to_string(spec.params.depth) + " layers of " + std::to_string(spec.params.width) +
                      "), found " + folded.spec.params.network + " of " + std::to_string(folded.spec.params.depth) +
                      " layers of " + std::to_string(folded.spec.params.width));
    result = std::move(folded.weights);
  });
  return result;
}

std::string names_of(const Model& model) {
  std::string names;
  for (const auto& [name, weights] : model.by_class) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? "none" : names;
}

}  // namespace

Model with_weights_of(const Model& model, std::string_view class_name) {
  const bool is_agnostic = class_name == word_none;
  const auto found = model.by_class.find(class_name);
  if (!is_agnostic && found == model.by_class.end())
    throw Error(ErrorCode::not_found, "taking one class of model " + model.name + ": expected none or one of " +
                                          names_of(model) + R"(; found ")" + std::string(class_name) + '"');
  Model one{model.name, model.path, model.spec, is_agnostic ? model.weights : found->second};
  std::ranges::copy(model.noise_range_8bit, one.noise_range_8bit);
  return one;
}

ClassifierModel load_classifier(const fs::path& path) {
  const Weights weights = read_safetensors(path);
  ClassifierModel classifier;
  classifier.path = path;
  naming_model_file(path, [&] {
    FoldedNetwork folded = fold_batch_norm(build_network(params_from_metadata(weights.metadata)), weights);
    if (!folded.spec.is_classifier())
      throw Error(ErrorCode::corrupt, "reading a classifier: expected a network with classes, found " +
                                          folded.spec.params.network + ", which denoises");
    classifier.spec = std::move(folded.spec);
    classifier.weights = std::move(folded.weights);
    classifier.temperature = number_entry(weights, temperature_range, classifier.temperature);
    classifier.least_confidence = number_entry(weights, confidence_range, classifier.least_confidence);
    classifier.short_side_px = static_cast<int>(number_entry(weights, short_side_range, classifier.short_side_px));
  });
  return classifier;
}

void load_classes(const fs::path& folder, Model& model) {
  std::error_code error;
  const fs::path classes = folder / classes_folder_name;
  for (fs::directory_iterator entry(classes, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == weights_extension) {
      const std::string name = entry->path().stem().string();
      model.by_class[name] = load_class(entry->path(), name, model.spec);
    }
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(ErrorCode::io, "loading model " + classes.string() +
                                   ": expected a folder that can be read, found: " + error.message());
  const fs::path path = folder / classifier_name;
  if (!fs::exists(path, error)) {
    if (model.by_class.empty()) return;
    throw Error(ErrorCode::corrupt, "loading model " + folder.string() + ": expected " + classifier_name +
                                        " beside its classes (" + names_of(model) + "), found none");
  }
  ClassifierModel classifier = load_classifier(path);
  for (const std::string& name : classifier.spec.params.classes)
    if (!model.by_class.contains(name))
      throw Error(ErrorCode::corrupt, "loading model " + path.string() + ": expected weights in " + classes.string() +
                                          " for its class " + name + ", found those of: " + names_of(model));
  model.classifier = std::move(classifier);
}

void write_class_weights(const fs::path& model_folder, std::string_view class_name, Weights weights,
                         StoredNumber stored) {
  if (!is_class_name(class_name))
    throw Error(ErrorCode::invalid_argument, std::string("writing the weights of a class: expected ") +
                                                 class_name_rule + ", found \"" + std::string(class_name) + "\"");
  weights.metadata["class"] = class_name;
  const fs::path folder = model_folder / classes_folder_name;
  std::error_code error;
  fs::create_directories(folder, error);  // what cannot be made cannot be written to either
  write_safetensors(folder / (std::string(class_name) + std::string(weights_extension)), weights, stored);
}

void write_classifier(const fs::path& model_folder, const ClassifierModel& classifier) {
  if (!classifier.spec.is_classifier())
    throw Error(ErrorCode::invalid_argument, "writing a classifier: expected a network with classes, found " +
                                                 classifier.spec.params.network + ", which denoises");
  check_weights(classifier.spec, classifier.weights);
  Weights file{classifier.weights.tensors, to_metadata(classifier.spec.params)};
  const auto add = [&](const NumberRange& range, double value) {
    if (!is_in(range, value)) refuse_number(ErrorCode::invalid_argument, range, number_text(value));
    file.metadata[range.key] = number_text(value);
  };
  add(temperature_range, classifier.temperature);
  add(confidence_range, classifier.least_confidence);
  add(short_side_range, classifier.short_side_px);
  std::error_code error;
  fs::create_directories(model_folder, error);
  write_safetensors(model_folder / classifier_name, file);
}

}  // namespace rdenoise

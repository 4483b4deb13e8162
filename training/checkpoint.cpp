// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checkpoint.hpp"

#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <sstream>
#include <utility>

namespace rdenoise::training {
namespace {

using Tensors = c10::Dict<std::string, torch::Tensor>;

constexpr std::int64_t format = 2;

/// The groups of named tensors, by the prefix that each has in the file.
constexpr std::pair<const char*, NamedTensors Checkpoint::*> groups[] = {
    {"weight/", &Checkpoint::weights},        {"average/", &Checkpoint::average},
    {"adam-first/", &Checkpoint::adam_first}, {"adam-second/", &Checkpoint::adam_second},
    {"momentum/", &Checkpoint::momentum},     {"best/", &Checkpoint::best},
    {"generator/", &Checkpoint::generators},
};
constexpr std::pair<const char*, std::int64_t Checkpoint::*> counts[] = {
    {"step", &Checkpoint::step}, {"loss_steps", &Checkpoint::loss_steps}, {"best_step", &Checkpoint::best_step}};
constexpr std::pair<const char*, double Checkpoint::*> figures[] = {{"seconds", &Checkpoint::seconds_trained},
                                                                    {"gradient_length", &Checkpoint::gradient_length},
                                                                    {"loss_sum", &Checkpoint::loss_sum},
                                                                    {"best_psnr_db", &Checkpoint::best_figure}};

/// Runs from before there were classifiers lack these.
constexpr std::pair<const char*, double Checkpoint::*> classifier_figures[] = {
    {"temperature", &Checkpoint::temperature}, {"best_temperature", &Checkpoint::best_temperature}};

/// Those whose key starts with the prefix, by the rest of it.
NamedTensors take_all(const Tensors& tensors, const std::string& prefix) {
  NamedTensors named;
  for (const auto& entry : tensors)
    if (entry.key().starts_with(prefix)) named[entry.key().substr(prefix.size())] = entry.value();
  return named;
}

torch::Tensor from_text(const std::string& text) {
  return torch::from_blob(const_cast<char*>(text.data()), {static_cast<std::int64_t>(text.size())}, torch::kUInt8)
      .clone();
}

std::string to_text(const torch::Tensor& bytes) {
  return {static_cast<const char*>(bytes.data_ptr()), static_cast<std::size_t>(bytes.numel())};
}

Tensors to_dictionary(const Checkpoint& checkpoint) {
  Tensors tensors;
  tensors.insert("format", torch::tensor(format, torch::kInt64));
  for (const auto& [key, member] : counts) tensors.insert(key, torch::tensor(checkpoint.*member, torch::kInt64));
  for (const auto& [key, member] : figures) tensors.insert(key, torch::tensor(checkpoint.*member, torch::kDouble));
  for (const auto& [prefix, member] : groups)
    // Views would bring the whole buffer they look into.
    for (const auto& [name, tensor] : checkpoint.*member)
      tensors.insert(prefix + name, tensor.detach().to(torch::kCPU).clone());
  tensors.insert("recipe", from_text(checkpoint.recipe));
  std::string labels;
  for (const std::string& label : checkpoint.curve.labels()) labels += label + '\n';
  tensors.insert("curve_labels", from_text(labels));
  tensors.insert("curve_figure", torch::tensor(static_cast<std::int64_t>(checkpoint.curve.figure()), torch::kInt64));
  for (const auto& [key, member] : classifier_figures)
    tensors.insert(key, torch::tensor(checkpoint.*member, torch::kDouble));
  tensors.insert("curve", torch::tensor(checkpoint.curve.to_rows(), torch::kDouble));
  return tensors;
}

Checkpoint from_dictionary(const Tensors& tensors) {
  Checkpoint checkpoint;
  for (const auto& [key, member] : counts) checkpoint.*member = tensors.at(key).item<std::int64_t>();
  for (const auto& [key, member] : figures) checkpoint.*member = tensors.at(key).item<double>();
  for (const auto& [key, member] : classifier_figures)
    if (tensors.contains(key)) checkpoint.*member = tensors.at(key).item<double>();
  for (const auto& [prefix, member] : groups) checkpoint.*member = take_all(tensors, prefix);
  checkpoint.recipe = to_text(tensors.at("recipe"));
  const torch::Tensor rows = tensors.at("curve").contiguous();
  const double* const figures_of_curve = rows.data_ptr<double>();
  std::vector<std::string> labels;
  std::istringstream lines(to_text(tensors.at("curve_labels")));
  for (std::string label; std::getline(lines, label);) labels.push_back(label);
  const bool of_classes =
      tensors.contains("curve_figure") &&
      tensors.at("curve_figure").item<std::int64_t>() == static_cast<std::int64_t>(ValidationFigure::right_percent);
  checkpoint.curve = LearningCurve::from_rows(labels, {figures_of_curve, figures_of_curve + rows.numel()},
                                              of_classes ? ValidationFigure::right_percent : ValidationFigure::psnr_db);
  return checkpoint;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const std::vector<char> bytes = torch::pickle_save(to_dictionary(checkpoint));
  std::filesystem::path temporary = path;
  temporary += ".part";
  std::ofstream stream(temporary, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  std::error_code error;
  if (stream) std::filesystem::rename(temporary, path, error);
  if (!stream || error)
    throw Error(ErrorCode::io, "writing checkpoint " + path.string() + ": expected room for " +
                                   std::to_string(bytes.size()) + " bytes, found that writing failed");
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path))
    throw Error(ErrorCode::not_found,
                "reading checkpoint " + path.string() + ": expected a file, found none that opens");
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::int64_t found_format = 1;
  try {
    const auto tensors = c10::impl::toTypedDict<std::string, torch::Tensor>(torch::pickle_load(bytes).toGenericDict());
    // The first format did not say so.
    if (tensors.contains("format")) found_format = tensors.at("format").item<std::int64_t>();
    if (found_format == format) return from_dictionary(tensors);
  } catch (const std::exception& error) {
    const std::string reason = error.what();
    throw Error(ErrorCode::corrupt, "reading checkpoint " + path.string() +
                                        ": expected one of rdn-train, found: " + reason.substr(0, reason.find('\n')));
  }
  throw Error(ErrorCode::unsupported, "reading checkpoint " + path.string() + ": expected format " +
                                          std::to_string(format) + ", found " + std::to_string(found_format));
}

}  // namespace rdenoise::training

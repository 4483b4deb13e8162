// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checkpoint.hpp"

#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>

namespace rdenoise::training {
namespace {

using Tensors = c10::Dict<std::string, torch::Tensor>;

constexpr const char* weight_prefix = "weight/";
constexpr const char* average_prefix = "average/";
constexpr const char* momentum_prefix = "momentum/";

void insert_all(Tensors& tensors, const std::string& prefix, const std::map<std::string, torch::Tensor>& named) {
  for (const auto& [name, tensor] : named) tensors.insert(prefix + name, tensor.detach().to(torch::kCPU).clone());
}

/// Those whose key starts with the prefix, by the rest of it.
std::map<std::string, torch::Tensor> take_all(const Tensors& tensors, const std::string& prefix) {
  std::map<std::string, torch::Tensor> named;
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

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  Tensors tensors;
  tensors.insert("step", torch::tensor(checkpoint.step, torch::kInt64));
  tensors.insert("seconds", torch::tensor(checkpoint.seconds_trained, torch::kDouble));
  tensors.insert("gradient_norm", torch::tensor(checkpoint.gradient_norm, torch::kDouble));
  tensors.insert("recipe", from_text(checkpoint.recipe));
  tensors.insert("optimiser", from_text(checkpoint.optimiser));
  insert_all(tensors, weight_prefix, checkpoint.weights);
  insert_all(tensors, average_prefix, checkpoint.average);
  insert_all(tensors, momentum_prefix, checkpoint.momentum);
  const std::vector<char> bytes = torch::pickle_save(tensors);

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
  if (!stream)
    throw Error(ErrorCode::not_found,
                "reading checkpoint " + path.string() + ": expected a file, found none that opens");
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  try {
    const auto tensors = c10::impl::toTypedDict<std::string, torch::Tensor>(torch::pickle_load(bytes).toGenericDict());
    Checkpoint checkpoint;
    checkpoint.step = tensors.at("step").item<std::int64_t>();
    checkpoint.seconds_trained = tensors.at("seconds").item<double>();
    checkpoint.gradient_norm = tensors.at("gradient_norm").item<double>();
    checkpoint.recipe = to_text(tensors.at("recipe"));
    checkpoint.optimiser = to_text(tensors.at("optimiser"));
    checkpoint.weights = take_all(tensors, weight_prefix);
    checkpoint.average = take_all(tensors, average_prefix);
    checkpoint.momentum = take_all(tensors, momentum_prefix);
    return checkpoint;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::corrupt,
                "reading checkpoint " + path.string() + ": expected one of rdn-train, found: " + error.what());
  }
}

}  // namespace rdenoise::training

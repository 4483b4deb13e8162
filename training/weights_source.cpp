// SPDX-License-Identifier: LGPL-2.1-or-later
#include "weights_source.hpp"

#include <rdenoise/model.hpp>

namespace rdenoise::training {
namespace {

constexpr const char* network_key = "rdenoise.network";

NamedTensors to_tensors(const Weights& weights) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : weights.tensors)
    tensors[name] = torch::from_blob(const_cast<float*>(tensor.values.data()), tensor.shape, torch::kFloat).clone();
  return tensors;
}

}  // namespace

NamedTensors read_start_weights(const std::string& source) {
  if (std::filesystem::path(source).extension() == ".ckpt") return read_checkpoint(source).average;
  // A loaded model has its batch norm folded; a training run wants the tensors as they are in the file.
  const Weights weights = read_safetensors(load_model(source).path);
  return to_tensors(weights.metadata.contains(network_key) ? weights : import_state_dict(weights));
}

}  // namespace rdenoise::training

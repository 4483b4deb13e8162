// SPDX-License-Identifier: LGPL-2.1-or-later
// Models small enough for a test.
#pragma once

#include <filesystem>
#include <rdenoise/model.hpp>
#include <string>

namespace rdenoise::training {

/// Writes a model folder whose weights are all 0: a residual network then takes no noise away, whatever it is told.
/// return  the folder, as a name of the model
inline std::string write_zero_model(const std::filesystem::path& folder, const NetworkParams& params) {
  const NetworkSpec spec = build_network(params);
  Weights weights;
  for (const auto& [tensor, shape] : needed_tensors(spec)) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    weights.tensors[tensor] = {shape, std::vector<float>(static_cast<std::size_t>(count), 0.F)};
  }
  weights.metadata = to_metadata(spec.params);
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", weights);
  return folder.string();
}

}  // namespace rdenoise::training

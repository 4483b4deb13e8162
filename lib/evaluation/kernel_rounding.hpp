// SPDX-License-Identifier: LGPL-2.1-or-later
// Kernels in eight bits and in bf16 for a network's convolutions, rounded on what its layers see on pictures.
#pragma once

#include <map>
#include <rdenoise/model.hpp>
#include <rdenoise/model_picture.hpp>
#include <rdenoise/noise.hpp>
#include <span>
#include <string>

namespace rdenoise {

struct NoisyPicture {
  ModelPicture picture;
  NoiseProfile profile;
  double weight = 1.0;  ///< of a squared error in it
};

/// Metadata entries, see stored_kernels.hpp: layer after layer, each on what the layers before it give in eight bits
/// with their new kernels, so that it makes up for their errors as well. Empty where this CPU does not compute in eight
/// bits, or only with weights of seven. model  with scales of results in its metadata
[[nodiscard]] std::map<std::string, std::string, std::less<>> rounded_kernels(Model model,
                                                                              std::span<const NoisyPicture> pictures,
                                                                              std::uint64_t seed);

/// The same for bf16, of the 3×3 convolutions with biases, those that read a network's inputs themselves left out.
/// Empty where this CPU does not compute in bf16.
[[nodiscard]] std::map<std::string, std::string, std::less<>> rounded_bf16_kernels(
    Model model, std::span<const NoisyPicture> pictures, std::uint64_t seed);

}  // namespace rdenoise

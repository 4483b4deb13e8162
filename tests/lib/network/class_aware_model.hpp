// SPDX-License-Identifier: LGPL-2.1-or-later
// A class-aware model whose classifier's answers are known: it tells bright pictures from dark ones.
#pragma once

#include <filesystem>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"

namespace rdenoise::test {

/// Scores: `bright` 20 × the mean over the picture, `dark` 10; so a gray level of 0.5 stands between them (the zeros
/// beyond the border move that to 0.52), and with temperature 1 the classifier is sure beyond 0.1 from it.
inline ClassifierModel bright_dark_classifier(InputDomain input = InputDomain::gray) {
  const int channels = input == InputDomain::rgb ? 3 : 1;
  ClassifierModel classifier;
  classifier.spec = build_network({.network = "classifier",
                                   .input = input,
                                   .image_channels = channels,
                                   .depth = 2,
                                   .width = 1,
                                   .classes = {"bright", "dark"}});
  auto& tensors = classifier.weights.tensors;
  const std::size_t n_taps = 16 * static_cast<std::size_t>(channels);
  tensors["stages.0.conv.weight"] = {{1, channels, 4, 4}, std::vector<float>(n_taps, 1.F / static_cast<float>(n_taps))};
  tensors["stages.0.conv.bias"] = {{1}, {0.F}};
  tensors["scores.weight"] = {{2, 1, 1, 1}, {20.F, 0.F}};
  tensors["scores.bias"] = {{2}, {0.F, 10.F}};
  classifier.least_confidence = 0.8;
  return classifier;
}

/// A small FFDNet with three sets of random weights: class-agnostic (seed 1), bright (2), dark (3).
inline void write_class_aware_model(const std::filesystem::path& folder, InputDomain input = InputDomain::gray) {
  const NetworkSpec spec = build_network({.network = "ffdnet",
                                          .input = input,
                                          .image_channels = input == InputDomain::rgb ? 3 : 1,
                                          .depth = 3,
                                          .width = 8});
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", random_weights(spec, 1));
  write_class_weights(folder, "bright", random_weights(spec, 2));
  write_class_weights(folder, "dark", random_weights(spec, 3));
  write_classifier(folder, bright_dark_classifier(input));
}

}  // namespace rdenoise::test

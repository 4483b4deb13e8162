// SPDX-License-Identifier: LGPL-2.1-or-later
// What goes on inside a network, as pictures, a table and one sheet of all.
#pragma once

#include <filesystem>
#include <rdenoise/denoise.hpp>
#include <string>
#include <vector>

#include "input.hpp"

namespace rdn {

struct ExplainTask {
  std::string title;
  const Input& input;
  const rdenoise::Model& model;
  const rdenoise::NoiseProfile& noise;
  rdenoise::DenoiseOptions options;
  std::string demosaic;  ///< how a RAW photo is shown
};

/// Of `count` estimates those after a quarter, half, three quarters and all of them; counted from 0, each once.
[[nodiscard]] std::vector<int> quarters(int count);

/// Writes into a folder that exists:
///   explain.svg                              everything below on one page
///   noisy.png                                the input
///   noise-map.png, noise-map.tiff            what the network goes by, where it goes by one
///   estimate-NN.png, removed-NN.png          the picture after NN estimates, and the noise taken away until then
///   energy-NN.png, layers.csv                where layer NN is busy; figures of all
/// throws  Error
void explain(const ExplainTask& task, const std::filesystem::path& folder);

}  // namespace rdn

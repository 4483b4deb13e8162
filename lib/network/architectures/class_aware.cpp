// SPDX-License-Identifier: LGPL-2.1-or-later
// Class-aware denoising: Remez, Litany, Giryes, Bronstein, "Class-aware fully convolutional Gaussian and Poisson
// denoising", IEEE TIP 2018, section III: each of 20 layers gives 63 features, which the next layer sees, and one plane
// of noise, which is added to the picture. So the picture gets cleaner layer by layer. One set of weights for each
// class of pictures, and one for all.
//
//   features.i   [width − 1, …]   with relu; the last layer has none
//   noise.i      [image channels, …]
#include <algorithm>
#include <rdenoise/error.hpp>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"

namespace rdenoise {
namespace {

NetworkSpec build(const NetworkParams& params) {
  if (params.width <= params.image_channels)
    throw Error(ErrorCode::invalid_argument, "building network class-aware: expected a width of more than " +
                                                 std::to_string(params.image_channels) + ", found " +
                                                 std::to_string(params.width));
  LayerList list(params);
  int picture = list.image();
  int features = picture;
  for (int i = 0; i < params.depth; ++i) {
    const std::string number = std::to_string(i);
    const int noise = list.convolution("noise." + number, features, params.image_channels);
    if (i + 1 < params.depth)
      features = list.convolution_relu("features." + number, features, params.width - params.image_channels);
    picture = list.add(picture, noise);
  }
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  int depth = 0;
  std::map<int, int> features;  // how often each count
  for (const auto& [name, shape] : tensors) {
    if (name.starts_with("noise.")) depth = std::max(depth, std::atoi(name.c_str() + 6) + 1);
    if (!name.starts_with("features.") || shape.size() != 4) continue;
    ++features[static_cast<int>(shape[0])];
    depth = std::max(depth, std::atoi(name.c_str() + 9) + 2);
  }
  if (depth < 2 || features.empty()) return false;
  const auto most = std::ranges::max_element(features, {}, [](const auto& entry) { return entry.second; });
  const int channels =
      std::max(kernel_extent(tensors, "features.0.weight", 1), kernel_extent(tensors, "noise.0.weight", 0));
  params = {.network = "class-aware",
            .input = channels == 3 ? InputDomain::rgb : InputDomain::gray,
            .image_channels = channels == 3 ? 3 : 1,
            .depth = depth,
            .width = most->first + (channels == 3 ? 3 : 1),
            .bias = shows_biases(tensors),
            .residual = true};
  return true;
}

const NetworkParams examples[] = {
    {.network = "class-aware", .image_channels = 1, .depth = 20, .width = 64, .residual = true},
    {.network = "class-aware",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 4,
     .width = 20,
     .bias = false,
     .residual = true},
};

}  // namespace

const Architecture class_aware_architecture{
    "class-aware", "class-aware denoising (Remez et al. 2018): each layer takes some noise away", build, recognise,
    examples};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells the class of a picture, for networks that have weights for each class (Remez et al., "Class-aware fully
// convolutional Gaussian and Poisson denoising", IEEE TIP 2018, take the class as known). Each stage halves the picture
// and the last convolution scores what is left, place by place; the mean over a plane is the score of its class, so
// pictures of any size will do. Kernels of 4 × 4 overlap and lie evenly on the cells of 2 × 2; the channels double up
// to four times the width.
//
//   stages.i.conv   [width·2^min(i, 2), …, 4, 4], stride 2, with relu, and with batch norm stages.i.norm before it
//   scores          [classes, …, 1, 1]
#include <algorithm>
#include <cstdlib>
#include <rdenoise/error.hpp>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"

namespace rdenoise {
namespace {

/// Stages of a picture 128 px high, at most: one place is left.
constexpr int max_depth = 8;
constexpr std::size_t max_classes = 1000;
constexpr std::string_view stage_prefix = "stages.";

NetworkSpec build(const NetworkParams& params) {
  if (params.depth < 2 || params.depth > max_depth)
    throw Error(ErrorCode::invalid_argument, "building network classifier: expected a depth of 2 … " +
                                                 std::to_string(max_depth) + ", found " + std::to_string(params.depth));
  if (params.classes.size() < 2 || params.classes.size() > max_classes)
    throw Error(ErrorCode::invalid_argument, "building network classifier: expected the names of 2 … " +
                                                 std::to_string(max_classes) + " classes, found " +
                                                 std::to_string(params.classes.size()));
  if (params.input == InputDomain::bayer)
    throw Error(ErrorCode::invalid_argument, "building network classifier: expected gray or rgb input, found bayer");
  LayerList list(params);
  int last = list.image();
  for (int i = 0; i + 1 < params.depth; ++i) {
    const std::string stage = std::string(stage_prefix) + std::to_string(i);
    const int channels = params.width << std::min(i, 2);
    last = list.convolution(stage + ".conv", last, channels, 4, 2);
    if (params.batch_norm)
      last = list.append({.kind = LayerKind::batch_norm,
                          .name = stage + ".norm",
                          .inputs = {last},
                          .out_channels = channels,
                          .epsilon = params.batch_norm_epsilon});
    last = list.relu(last);
  }
  list.convolution("scores", last, static_cast<int>(params.classes.size()), 1);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  int n_stages = 0;
  bool batch_norm = false;
  bool bias = false;
  int width = 0;  // of stage 0; later ones are twice and four times as wide
  for (const auto& [name, shape] : tensors) {
    bias = bias || name == "scores.bias" || name.ends_with(".conv.bias");
    if (!name.starts_with(stage_prefix)) continue;
    const int stage = std::min(std::atoi(name.c_str() + stage_prefix.size()), max_depth);
    n_stages = std::max(n_stages, stage + 1);
    if (name.ends_with(".conv.weight") && shape.size() == 4) width = static_cast<int>(shape[0]) >> std::min(stage, 2);
    batch_norm = batch_norm || name.ends_with(".norm.running_mean");
  }
  int n_classes = 0;
  for (const char* name : {"scores.weight", "scores.bias"})
    if (const auto scores = tensors.find(name); scores != tensors.end() && !scores->second.empty())
      n_classes = std::max(n_classes, static_cast<int>(std::min<std::int64_t>(scores->second[0], max_classes)));
  if (n_stages == 0 || n_classes == 0) return false;
  const bool rgb = kernel_extent(tensors, "stages.0.conv.weight", 1) == 3;
  params = {.network = "classifier",
            .input = rgb ? InputDomain::rgb : InputDomain::gray,
            .image_channels = rgb ? 3 : 1,
            .depth = n_stages + 1,
            .width = width,
            .batch_norm = batch_norm,
            .bias = bias};
  // Tensors do not name their classes.
  for (int i = 1; i <= n_classes; ++i) params.classes.push_back("class-" + std::to_string(i));
  return true;
}

const NetworkParams examples[] = {
    {.network = "classifier",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 5,
     .width = 16,
     .classes = {"face", "pet", "flower", "living-room", "street"}},
    {.network = "classifier", .image_channels = 1, .depth = 4, .width = 12, .batch_norm = true, .classes = {"a", "b"}},
};

}  // namespace

const Architecture classifier_architecture{
    "classifier", "classifier of pictures, for class-aware denoising: strided convolutions and a score for each class",
    build, recognise, examples};

}  // namespace rdenoise

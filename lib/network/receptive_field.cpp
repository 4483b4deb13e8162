// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <numeric>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

/// How far the pixels that a strided convolution sees lie from the pixels that its result stands for, at most.
int strided_reach(const Layer& layer) {
  const int before = padding_px(layer);
  const int after = layer.dilation * (layer.kernel - 1) - before;
  return std::max(layer.factor - 1 + before, after);
}

/// How many pixels of its input, to one side, a transposed convolution sees beside the one its result lies in.
int transposed_reach(const Layer& layer) {
  const int before = padding_px(layer);
  return std::max((layer.kernel - 1 - before) / layer.factor, (before + layer.factor - 1) / layer.factor);
}

}  // namespace

int receptive_radius_px(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::vector<int> radius_px(spec.layers.size(), 0);
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    int radius = 0;
    for (const int input : layer.inputs) radius = std::max(radius, radius_px[static_cast<std::size_t>(input)]);
    switch (layer.kind) {
      case LayerKind::convolution:
        radius += strided_reach(layer) * (shapes[i].downscale / layer.factor);
        break;
      case LayerKind::transposed_convolution:
        radius += transposed_reach(layer) * shapes[i].downscale * layer.factor;
        break;
      // A cell of f×f pixels is seen whole, so its far side counts.
      case LayerKind::average_pool:
      case LayerKind::max_pool:
      case LayerKind::pixel_unshuffle:
        radius += (layer.factor - 1) * (shapes[i].downscale / layer.factor);
        break;
      case LayerKind::noise_map_input:
        radius = layer.factor - 1;
        break;
      default:
        break;
    }
    radius_px[i] = radius;
  }
  return radius_px.back();
}

int alignment_px(const NetworkSpec& spec) {
  int alignment = 1;
  for (const LayerShape& shape : layer_shapes(spec)) alignment = std::lcm(alignment, shape.downscale);
  return alignment;
}

int halo_px(const NetworkSpec& spec) {
  const int alignment = alignment_px(spec);
  return (receptive_radius_px(spec) + alignment - 1) / alignment * alignment;
}

}  // namespace rdenoise

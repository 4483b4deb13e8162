// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <numeric>
#include <rdenoise/network.hpp>

namespace rdenoise {

int receptive_radius_px(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::vector<int> radius_px(spec.layers.size(), 0);
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    int radius = 0;
    for (const int input : layer.inputs) radius = std::max(radius, radius_px[static_cast<std::size_t>(input)]);
    switch (layer.kind) {
      case LayerKind::convolution:
        radius += layer.dilation * (layer.kernel / 2) * shapes[i].downscale;
        break;
      // A cell of f×f pixels is seen whole, so its far side counts.
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

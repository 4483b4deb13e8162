// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/network.hpp>

namespace rdenoise {

double macs_per_px(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  double macs = 0.0;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.kind != LayerKind::convolution) continue;
    const int in_channels = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
    macs += static_cast<double>(in_channels) * layer.out_channels * layer.kernel * layer.kernel /
            (static_cast<double>(shapes[i].downscale) * shapes[i].downscale);
  }
  return macs;
}

std::int64_t parameter_count(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::int64_t count = 0;
  for (const Layer& layer : spec.layers) {
    if (layer.kind == LayerKind::batch_norm) count += 2LL * layer.out_channels;
    if (layer.kind != LayerKind::convolution) continue;
    const int in_channels = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
    count += static_cast<std::int64_t>(in_channels) * layer.out_channels * layer.kernel * layer.kernel +
             (layer.bias ? layer.out_channels : 0);
  }
  return count;
}

}  // namespace rdenoise

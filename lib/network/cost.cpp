// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

bool is_convolution(const Layer& layer) {
  return layer.kind == LayerKind::convolution || layer.kind == LayerKind::transposed_convolution;
}

double pixels(const LayerShape& shape) { return 1.0 / (static_cast<double>(shape.downscale) * shape.downscale); }

}  // namespace

double macs_per_px(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  double macs = 0.0;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (!is_convolution(layer)) continue;
    const LayerShape& input = shapes[static_cast<std::size_t>(layer.inputs[0])];
    // Each pixel of the smaller side meets the whole kernel once.
    macs += static_cast<double>(input.channels) * layer.out_channels * layer.kernel * layer.kernel *
            std::min(pixels(input), pixels(shapes[i]));
  }
  const int cell = cell_edge_px(spec.params.input);
  return macs / (cell * cell);
}

std::int64_t parameter_count(const NetworkSpec& spec) {
  std::int64_t count = 0;
  for (const auto& [name, shape] : needed_tensors(spec)) {
    if (name.ends_with(".running_mean") || name.ends_with(".running_var")) continue;
    std::int64_t values = 1;
    for (const std::int64_t extent : shape) values *= extent;
    count += values;
  }
  return count;
}

double activation_bytes_per_px(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  const std::size_t n_layers = spec.layers.size();
  std::vector<std::size_t> last_reader(n_layers);
  for (std::size_t i = 0; i < n_layers; ++i) {
    last_reader[i] = i;
    for (const int input : spec.layers[i].inputs) last_reader[static_cast<std::size_t>(input)] = i;
  }
  // A relu works in place where nobody else reads its input.
  for (std::size_t i = 1; i < n_layers; ++i)
    if (spec.layers[i].kind == LayerKind::relu && spec.layers[i].inputs[0] + 1 == static_cast<int>(i) &&
        last_reader[i - 1] == i)
      last_reader[i - 1] = i - 1;
  // What the caller sees stays.
  for (std::size_t i = 0; i < n_layers; ++i)
    if (spec.layers[i].inputs.empty() || spec.layers[i].kind == LayerKind::noise_estimate) last_reader[i] = n_layers;
  double peak = 0.0;
  for (std::size_t step = 0; step < n_layers; ++step) {
    double alive = 0.0;
    for (std::size_t i = 0; i <= step; ++i)
      if (last_reader[i] >= step) alive += sizeof(float) * shapes[i].channels * pixels(shapes[i]);
    peak = std::max(peak, alive);
  }
  return peak;
}

}  // namespace rdenoise

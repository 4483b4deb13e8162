// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/cell_convolution.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

/// Floor of a / b for b > 0.
int floor_div(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/// Index into a dense [a, b, k, k] kernel.
struct KernelIndex {
  int b_channels;
  int kernel;
  [[nodiscard]] std::size_t operator()(int a, int b, int y, int x) const {
    return ((static_cast<std::size_t>(a) * b_channels + b) * kernel + y) * kernel + x;
  }
};

/// Where a pixel stands among cells.
struct CellOffset {
  int cell;
  int within;
};

class Rewriting {
 public:
  explicit Rewriting(const FoldedNetwork& network) : network_(network), shapes_(layer_shapes(network.spec)) {
    result_.spec.params = network.spec.params;
    result_.weights = network.weights;
  }

  StridelessNetwork run() {
    for (const Layer& layer : network_.spec.layers) {
      Layer copy = layer;
      for (int& input : copy.inputs) input = result_.new_index[static_cast<std::size_t>(input)];
      if (layer.kind == LayerKind::convolution && layer.factor > 1)
        append_strided(layer, std::move(copy));
      else if (layer.kind == LayerKind::transposed_convolution)
        append_transposed(layer, std::move(copy));
      else
        append(std::move(copy));
      result_.new_index.push_back(static_cast<int>(result_.spec.layers.size()) - 1);
    }
    return std::move(result_);
  }

 private:
  void append(Layer layer) { result_.spec.layers.push_back(std::move(layer)); }
  [[nodiscard]] int last() const { return static_cast<int>(result_.spec.layers.size()) - 1; }

  [[nodiscard]] int in_channels(const Layer& layer) const {
    return shapes_[static_cast<std::size_t>(layer.inputs[0])].channels;
  }

  [[nodiscard]] const std::vector<float>& tensor(const std::string& name) const {
    return network_.weights.tensors.find(name)->second.values;
  }

  void append_strided(const Layer& layer, Layer copy) {
    const int s = layer.factor;
    const int in = in_channels(layer);
    const auto offset = [&](int k) {
      const int pixel = k - padding_px(layer);
      const int cell = floor_div(pixel, s);
      return CellOffset{cell, pixel - cell * s};
    };
    const int radius = std::max(-offset(0).cell, offset(layer.kernel - 1).cell);
    append({.kind = LayerKind::pixel_unshuffle, .inputs = copy.inputs, .out_channels = in * s * s, .factor = s});
    copy.inputs = {last()};
    copy.factor = 1;
    copy.kernel = 2 * radius + 1;

    const std::vector<float>& given = tensor(layer.name + ".weight");
    Tensor cells = zeros(layer.out_channels, in * s * s, copy.kernel);
    const KernelIndex from{in, layer.kernel};
    const KernelIndex to{in * s * s, copy.kernel};
    for (int oc = 0; oc < layer.out_channels; ++oc)
      for (int ic = 0; ic < in; ++ic)
        for (int ky = 0; ky < layer.kernel; ++ky)
          for (int kx = 0; kx < layer.kernel; ++kx) {
            const CellOffset y = offset(ky);
            const CellOffset x = offset(kx);
            const int channel = (ic * s + y.within) * s + x.within;
            cells.values[to(oc, channel, y.cell + radius, x.cell + radius)] = given[from(oc, ic, ky, kx)];
          }
    result_.weights.tensors[layer.name + ".weight"] = std::move(cells);
    append(std::move(copy));
  }

  void append_transposed(const Layer& layer, Layer copy) {
    const int s = layer.factor;
    const int in = in_channels(layer);
    const int out = layer.out_channels;
    // The pixel at place `within` of a cell sees, through tap k, the source pixel `cell` cells before its own.
    const auto offset = [&](int k) {
      const int pixel = k - padding_px(layer);
      const int cell = floor_div(pixel, s);
      return CellOffset{cell, pixel - cell * s};
    };
    const int radius = std::max(-offset(0).cell, offset(layer.kernel - 1).cell);
    copy.kind = LayerKind::convolution;
    copy.factor = 1;
    copy.kernel = 2 * radius + 1;
    copy.out_channels = out * s * s;

    const std::vector<float>& given = tensor(layer.name + ".weight");
    Tensor cells = zeros(out * s * s, in, copy.kernel);
    const KernelIndex from{out, layer.kernel};
    const KernelIndex to{in, copy.kernel};
    for (int ic = 0; ic < in; ++ic)
      for (int oc = 0; oc < out; ++oc)
        for (int ky = 0; ky < layer.kernel; ++ky)
          for (int kx = 0; kx < layer.kernel; ++kx) {
            const CellOffset y = offset(ky);
            const CellOffset x = offset(kx);
            const int channel = (oc * s + y.within) * s + x.within;
            cells.values[to(channel, ic, radius - y.cell, radius - x.cell)] = given[from(ic, oc, ky, kx)];
          }
    result_.weights.tensors[layer.name + ".weight"] = std::move(cells);
    if (layer.bias) {
      Tensor bias{{out * s * s}, {}};
      for (const float value : tensor(layer.name + ".bias")) bias.values.insert(bias.values.end(), s * s, value);
      result_.weights.tensors[layer.name + ".bias"] = std::move(bias);
    }
    append(std::move(copy));
    append({.kind = LayerKind::pixel_shuffle, .inputs = {last()}, .out_channels = out, .factor = s});
  }

  static Tensor zeros(int out, int in, int kernel) {
    return {{out, in, kernel, kernel}, std::vector<float>(static_cast<std::size_t>(out) * in * kernel * kernel)};
  }

  const FoldedNetwork& network_;
  std::vector<LayerShape> shapes_;
  StridelessNetwork result_;
};

}  // namespace

StridelessNetwork without_strides(const FoldedNetwork& network) { return Rewriting(network).run(); }

}  // namespace rdenoise

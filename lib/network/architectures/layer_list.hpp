// SPDX-License-Identifier: LGPL-2.1-or-later
// A description as it is written down: each call appends a layer and gives its index.
#pragma once

#include <rdenoise/network.hpp>
#include <utility>

namespace rdenoise {

class LayerList {
 public:
  explicit LayerList(const NetworkParams& params) : spec_{params, {}} {}

  int append(Layer layer) {
    spec_.layers.push_back(std::move(layer));
    return static_cast<int>(spec_.layers.size()) - 1;
  }

  int image() { return append({.kind = LayerKind::image_input, .out_channels = spec_.params.image_channels}); }
  int noise_map(int factor, int channels = 1) {
    return append({.kind = LayerKind::noise_map_input, .out_channels = channels, .factor = factor});
  }
  int convolution(std::string name, int input, int out_channels, int kernel = 3, int stride = 1) {
    return append({.kind = LayerKind::convolution,
                   .name = std::move(name),
                   .inputs = {input},
                   .out_channels = out_channels,
                   .kernel = kernel,
                   .bias = spec_.params.bias,
                   .factor = stride});
  }
  int transposed(std::string name, int input, int out_channels, int kernel, int stride, bool bias) {
    return append({.kind = LayerKind::transposed_convolution,
                   .name = std::move(name),
                   .inputs = {input},
                   .out_channels = out_channels,
                   .kernel = kernel,
                   .bias = bias,
                   .factor = stride});
  }
  int relu(int input) { return same(LayerKind::relu, input); }
  int convolution_relu(std::string name, int input, int out_channels) {
    return relu(convolution(std::move(name), input, out_channels));
  }
  int noise_estimate(int input) { return same(LayerKind::noise_estimate, input); }
  int average_pool(int input, int factor) {
    const int pooled = same(LayerKind::average_pool, input);
    spec_.layers.back().factor = factor;
    return pooled;
  }
  int unshuffle(int input, int factor) {
    return append({.kind = LayerKind::pixel_unshuffle,
                   .inputs = {input},
                   .out_channels = channels(input) * factor * factor,
                   .factor = factor});
  }
  int shuffle(int input, int factor) {
    return append({.kind = LayerKind::pixel_shuffle,
                   .inputs = {input},
                   .out_channels = channels(input) / (factor * factor),
                   .factor = factor});
  }
  int add(int a, int b) { return append({.kind = LayerKind::add, .inputs = {a, b}, .out_channels = channels(a)}); }
  int subtract(int a, int b) {
    return append({.kind = LayerKind::subtract, .inputs = {a, b}, .out_channels = channels(a)});
  }
  int concatenate(int a, int b) {
    return append({.kind = LayerKind::concatenate, .inputs = {a, b}, .out_channels = channels(a) + channels(b)});
  }

  [[nodiscard]] const NetworkParams& params() const noexcept { return spec_.params; }
  [[nodiscard]] std::vector<Layer>& layers() noexcept { return spec_.layers; }
  [[nodiscard]] NetworkSpec take() { return std::move(spec_); }

 private:
  [[nodiscard]] int channels(int layer) const { return spec_.layers[static_cast<std::size_t>(layer)].out_channels; }
  int same(LayerKind kind, int input) {
    return append({.kind = kind, .inputs = {input}, .out_channels = channels(input)});
  }

  NetworkSpec spec_;
};

/// True if most kernels come with a bias: one that lacks is then missing, and the check of the weights names it.
[[nodiscard]] inline bool shows_biases(const TensorShapes& tensors) {
  std::ptrdiff_t n_kernels = 0;
  std::ptrdiff_t n_biases = 0;
  for (const auto& [name, shape] : tensors) {
    n_kernels += shape.size() == 4 ? 1 : 0;
    n_biases += name.ends_with(".bias") ? 1 : 0;
  }
  return 2 * n_biases > n_kernels;
}

/// Extent `axis` of a tensor of four axes; 0 if there is none of that name and shape.
[[nodiscard]] inline int kernel_extent(const TensorShapes& tensors, std::string_view name, std::size_t axis) {
  const auto found = tensors.find(name);
  return found == tensors.end() || found->second.size() != 4 ? 0 : static_cast<int>(found->second[axis]);
}

}  // namespace rdenoise

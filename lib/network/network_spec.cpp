// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

[[noreturn]] void fail(std::size_t index, const Layer& layer, const std::string& what) {
  throw Error(ErrorCode::invalid_argument, "reading network description, layer " + std::to_string(index) + " (" +
                                               std::string(to_string(layer.kind)) + "): " + what);
}

std::size_t input_count(LayerKind kind, std::size_t given) {
  switch (kind) {
    case LayerKind::image_input:
    case LayerKind::noise_map_input:
      return 0;
    case LayerKind::add:
    case LayerKind::subtract:
      return 2;
    case LayerKind::concatenate:
      return given < 2 ? 2 : given;
    default:
      return 1;
  }
}

int enlarged(const Layer& layer, std::size_t index, int downscale) {
  if (downscale % layer.factor != 0)
    fail(index, layer,
         "expected an input smaller than the picture by a multiple of " + std::to_string(layer.factor) +
             ", found one smaller by " + std::to_string(downscale));
  return downscale / layer.factor;
}

bool is_convolution(LayerKind kind) {
  return kind == LayerKind::convolution || kind == LayerKind::transposed_convolution;
}

/// Kernels must cover their cells, and lie in their middle where that decides about the size.
void check_numbers(std::size_t index, const Layer& layer) {
  const auto number = [](const char* name, int value) { return std::string(name) + " " + std::to_string(value); };
  if (layer.factor < 1 || layer.kernel < 1 || layer.dilation < 1)
    fail(index, layer,
         "expected factor, dilation and kernel of at least 1, found " + number("factor", layer.factor) + ", " +
             number("dilation", layer.dilation) + ", " + number("kernel", layer.kernel));
  if (!is_convolution(layer.kind)) return;
  if (layer.factor > 1 && layer.dilation > 1) fail(index, layer, "expected a stride or a dilation, found both");
  const bool fits = layer.kernel >= layer.factor && (layer.kernel - layer.factor) % 2 == 0;
  // With stride, one more zero before than after does as well, in a convolution: 3 × 3 with stride 2.
  if (!fits && !(layer.kind == LayerKind::convolution && layer.factor > 1 && layer.kernel >= layer.factor))
    fail(index, layer,
         "expected a kernel larger than its factor by an even number, found " + number("kernel", layer.kernel) + ", " +
             number("factor", layer.factor));
}

LayerShape expected_shape(const Layer& layer, std::size_t index, const std::vector<LayerShape>& shapes) {
  const auto input = [&](std::size_t i) { return shapes[static_cast<std::size_t>(layer.inputs[i])]; };
  const int area = layer.factor * layer.factor;
  switch (layer.kind) {
    case LayerKind::image_input:
      return {layer.out_channels, 1};
    case LayerKind::noise_map_input:
      return {layer.out_channels, layer.factor};
    case LayerKind::convolution:
      return {layer.out_channels, input(0).downscale * layer.factor};
    case LayerKind::transposed_convolution:
      return {layer.out_channels, enlarged(layer, index, input(0).downscale)};
    case LayerKind::batch_norm:
    case LayerKind::batch_scale:
    case LayerKind::relu:
    case LayerKind::noise_estimate:
      return input(0);
    case LayerKind::average_pool:
    case LayerKind::max_pool:
      return {input(0).channels, input(0).downscale * layer.factor};
    case LayerKind::upsample_nearest:
      return {input(0).channels, enlarged(layer, index, input(0).downscale)};
    case LayerKind::pixel_unshuffle:
      return {input(0).channels * area, input(0).downscale * layer.factor};
    case LayerKind::pixel_shuffle:
      if (input(0).channels % area != 0 || input(0).downscale % layer.factor != 0)
        fail(index, layer,
             "expected channels and downscale that the factor divides, found " + std::to_string(input(0).channels) +
                 " and " + std::to_string(input(0).downscale));
      return {input(0).channels / area, input(0).downscale / layer.factor};
    case LayerKind::concatenate: {
      LayerShape sum{0, input(0).downscale};
      for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
        if (input(i).downscale != sum.downscale) fail(index, layer, "expected inputs of one size, found several");
        sum.channels += input(i).channels;
      }
      return sum;
    }
    case LayerKind::add:
    case LayerKind::subtract:
      if (input(0).channels != input(1).channels || input(0).downscale != input(1).downscale)
        fail(index, layer, "expected two inputs of one shape, found two shapes");
      return input(0);
  }
  fail(index, layer, "expected a known kind, found another");
}

}  // namespace

std::string_view to_string(LayerKind kind) noexcept {
  switch (kind) {
    case LayerKind::image_input:
      return "image input";
    case LayerKind::noise_map_input:
      return "noise map input";
    case LayerKind::convolution:
      return "convolution";
    case LayerKind::transposed_convolution:
      return "transposed convolution";
    case LayerKind::batch_norm:
      return "batch norm";
    case LayerKind::batch_scale:
      return "batch scale";
    case LayerKind::average_pool:
      return "average pool";
    case LayerKind::max_pool:
      return "max pool";
    case LayerKind::upsample_nearest:
      return "upsample nearest";
    case LayerKind::noise_estimate:
      return "noise estimate";
    case LayerKind::relu:
      return "relu";
    case LayerKind::pixel_unshuffle:
      return "pixel unshuffle";
    case LayerKind::pixel_shuffle:
      return "pixel shuffle";
    case LayerKind::concatenate:
      return "concatenate";
    case LayerKind::add:
      return "add";
    case LayerKind::subtract:
      return "subtract";
  }
  return "unknown";
}

std::string_view to_string(InputDomain domain) noexcept {
  switch (domain) {
    case InputDomain::gray:
      return "gray";
    case InputDomain::rgb:
      return "rgb";
    case InputDomain::bayer:
      return "bayer";
    case InputDomain::yuv420:
      return "yuv420";
  }
  return "unknown";
}

std::string_view to_string(Precision precision) noexcept {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::f32:
      return "f32";
    case Precision::bf16:
      return "bf16";
    case Precision::int8:
      return "int8";
  }
  return "unknown";
}

Precision parse_precision(std::string_view text) {
  for (const Precision p : {Precision::automatic, Precision::f32, Precision::bf16, Precision::int8})
    if (text == to_string(p)) return p;
  throw Error(ErrorCode::invalid_argument,
              "reading precision: expected auto, f32, bf16 or int8, found \"" + std::string(text) + "\"");
}

const Layer* NetworkSpec::noise_map_layer() const noexcept {
  for (const Layer& layer : layers)
    if (layer.kind == LayerKind::noise_map_input) return &layer;
  return nullptr;
}

int NetworkSpec::noise_estimate_index() const noexcept {
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].kind == LayerKind::noise_estimate) return static_cast<int>(i);
  return -1;
}

int padding_px(const Layer& layer) noexcept {
  return layer.factor > 1 ? (layer.kernel - layer.factor + 1) / 2 : layer.dilation * (layer.kernel / 2);
}

bool NetworkSpec::has_noise_map() const noexcept { return noise_map_layer() != nullptr; }

std::vector<LayerShape> layer_shapes(const NetworkSpec& spec) {
  if (spec.layers.empty() || spec.layers.front().kind != LayerKind::image_input)
    throw Error(ErrorCode::invalid_argument,
                "reading network description: expected the image input as first layer, found another");
  std::vector<LayerShape> shapes;
  shapes.reserve(spec.layers.size());
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (layer.inputs.size() != input_count(layer.kind, layer.inputs.size()))
      fail(i, layer,
           "expected " + std::to_string(input_count(layer.kind, layer.inputs.size())) + " inputs, found " +
               std::to_string(layer.inputs.size()));
    for (const int input : layer.inputs)
      if (input < 0 || static_cast<std::size_t>(input) >= i)
        fail(i, layer, "expected inputs from earlier layers, found layer " + std::to_string(input));
    check_numbers(i, layer);
    const LayerShape shape = expected_shape(layer, i, shapes);
    if (shape.channels != layer.out_channels || shape.channels < 1)
      fail(i, layer,
           "expected " + std::to_string(shape.channels) + " output channels, found " +
               std::to_string(layer.out_channels));
    shapes.push_back(shape);
  }
  if (spec.is_classifier()) {
    if (shapes.back().channels != static_cast<int>(spec.params.classes.size()))
      throw Error(ErrorCode::invalid_argument, "reading network description: expected a plane for each of " +
                                                   std::to_string(spec.params.classes.size()) + " classes, found " +
                                                   std::to_string(shapes.back().channels) + " channels");
    return shapes;
  }
  if (shapes.back().channels != spec.layers.front().out_channels || shapes.back().downscale != 1)
    throw Error(ErrorCode::invalid_argument,
                "reading network description: expected an output of the image's shape, found " +
                    std::to_string(shapes.back().channels) + " channels at 1/" +
                    std::to_string(shapes.back().downscale) + " size");
  return shapes;
}

}  // namespace rdenoise

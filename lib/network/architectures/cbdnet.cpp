// SPDX-License-Identifier: LGPL-2.1-or-later
// CBDNet: Guo, Yan, Zhang, Zuo, Zhang, "Toward convolutional blind denoising of real photographs", CVPR 2019,
// section 3.2: a stack of `depth` convolutions estimates the noise level, pixel by pixel, and a U-Net denoises the
// picture with that map. The map may be scaled in between, which makes the denoising stronger or weaker.
//
// ""         average pools, as the common PyTorch version
// "strided"  convolutions with stride, as the authors' MATLAB network
#include <algorithm>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"

namespace rdenoise {
namespace {

constexpr std::string_view strided = "strided";

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// The picture's σ map, of the image's channels. name(i): of the i-th convolution.
template <typename Name>
int estimate_noise(LayerList& list, int image, Name name) {
  const NetworkParams& params = list.params();
  const int width = std::max(1, params.width / 2);
  int x = image;
  for (int i = 0; i < params.depth; ++i)
    x = list.convolution_relu(name(i), x, i + 1 == params.depth ? params.image_channels : width);
  return list.noise_estimate(x);
}

/// count convolutions with relu, named prefix + i + suffix.
int stack(LayerList& list, const std::string& prefix, const std::string& suffix, int count, int input, int channels) {
  int x = input;
  for (int i = 0; i < count; ++i) x = list.convolution_relu(prefix + std::to_string(i) + suffix, x, channels);
  return x;
}

NetworkSpec build_pooled(const NetworkParams& params) {
  LayerList list(params);
  const int w = params.width;
  const int image = list.image();
  const int map = estimate_noise(list, image, [](int i) { return "fcn.fcn." + std::to_string(2 * i); });
  const auto convolutions = [&](const char* name, int count, int input, int channels) {
    return stack(list, std::string("unet.") + name + ".", ".conv.0", count, input, channels);
  };
  const int whole = convolutions("inc", 2, list.concatenate(image, map), w);
  const int half = convolutions("conv1", 3, list.average_pool(whole, 2), 2 * w);
  const int quarter = convolutions("conv2", 6, list.average_pool(half, 2), 4 * w);
  const int half_again = list.add(half, list.transposed("unet.up1.up", quarter, 2 * w, 2, 2, params.bias));
  const int joined_half = convolutions("conv3", 3, half_again, 2 * w);
  const int whole_again = list.add(whole, list.transposed("unet.up2.up", joined_half, w, 2, 2, params.bias));
  const int last = convolutions("conv4", 2, whole_again, w);
  list.add(list.convolution("unet.outc.conv", last, params.image_channels, 1), image);
  return list.take();
}

NetworkSpec build_strided(const NetworkParams& params) {
  LayerList list(params);
  const int w = params.width;
  const int image = list.image();
  const int map = estimate_noise(list, image, [](int i) { return "E" + two_digits(i + 1); });
  const auto convolutions = [&](const char* name, int count, int input, int channels) {
    return stack(list, std::string(name) + "_layer0", "", count, input, channels);
  };
  /// Half the size by a convolution to four times the channels, and a 1×1 convolution to half of these.
  const auto down = [&](const std::string& name, int input, int channels) {
    return list.convolution(name + "_layer00_cf", list.convolution(name, input, 2 * channels, 2, 2), channels, 1);
  };
  const int whole = convolutions("DS01", 4, list.concatenate(image, map), w);
  const int half = convolutions("DS02", 3, down("DS02", whole, 2 * w), 2 * w);
  const int quarter = convolutions("DS03", 3, down("DS03", half, 4 * w), 4 * w);
  const int deepest = list.convolution_relu("UPS03_layer03", convolutions("UPS03", 3, quarter, 4 * w), 8 * w);
  const int half_again = list.add(list.transposed("USP02", deepest, 2 * w, 2, 2, false), half);
  const int joined_half = list.convolution_relu("US02_layer02", convolutions("US02", 2, half_again, 2 * w), 4 * w);
  const int whole_again = list.add(list.transposed("USP01", joined_half, w, 2, 2, false), whole);
  list.add(image, list.convolution("US01_layer02", convolutions("US01", 2, whole_again, w), params.image_channels));
  return list.take();
}

NetworkSpec build(const NetworkParams& params) {
  return params.variant == strided ? build_strided(params) : build_pooled(params);
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  const auto extent = [&](const char* name, std::size_t axis) { return kernel_extent(tensors, name, axis); };
  const bool is_strided = tensors.contains("DS01_layer01.weight") || tensors.contains("E02.weight");
  const auto starts = [&](std::string_view prefix) {
    const auto found = tensors.lower_bound(prefix);
    return found != tensors.end() && found->first.starts_with(prefix);
  };
  if (!is_strided && !(starts("fcn.") && starts("unet."))) return false;
  int depth = 0;
  for (const auto& [name, shape] : tensors) {
    if (!is_strided && name.starts_with("fcn.fcn.")) depth = std::max(depth, std::atoi(name.c_str() + 8) / 2 + 1);
    if (is_strided && name.starts_with("E")) depth = std::max(depth, std::atoi(name.c_str() + 1));
  }
  const int width = is_strided
                        ? std::max(extent("DS01_layer01.weight", 0), extent("US01_layer00.weight", 0))
                        : std::max(extent("unet.inc.1.conv.0.weight", 0), extent("unet.conv4.0.conv.0.weight", 0));
  const int out = is_strided ? extent("US01_layer02.weight", 0) : extent("unet.outc.conv.weight", 0);
  // One of the two may be missing.
  const int in = is_strided ? extent("E01.weight", 1) : extent("fcn.fcn.0.weight", 1);
  const bool gray = out == 1 || (out == 0 && in == 1);
  params = {.network = "cbdnet",
            .input = gray ? InputDomain::gray : InputDomain::rgb,
            .image_channels = gray ? 1 : 3,
            .depth = depth,
            .width = width,
            .bias = shows_biases(tensors),
            .variant = is_strided ? std::string(strided) : ""};
  return depth > 0 && width > 0;
}

const NetworkParams examples[] = {
    {.network = "cbdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 5, .width = 64},
    {.network = "cbdnet",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 5,
     .width = 16,
     .variant = std::string(strided)},
    {.network = "cbdnet", .image_channels = 1, .depth = 5, .width = 12},
};

}  // namespace

const Architecture cbdnet_architecture{
    "cbdnet", "CBDNet (Guo et al. 2019): estimates the noise map, then denoises with it", build, recognise, examples};

}  // namespace rdenoise

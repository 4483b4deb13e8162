// SPDX-License-Identifier: LGPL-2.1-or-later
// The bias-free U-Net of Mohan, Kadkhodaie, Simoncelli, Fernandez-Granda, ICLR 2020, appendix; after Zhang, Huang,
// Fernandez-Granda (2018): two convolutions, one with stride, `depth` of growing dilation at half the size, one back
// up, and two more that see the first two's result as well. With biases it is an ordinary U-Net.
#include <algorithm>
#include <rdenoise/error.hpp>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"

namespace rdenoise {
namespace {

constexpr int max_dilated = 8;  // dilation 128 at half size
constexpr int around_dilated = 6;

std::string name(int number) { return "conv" + std::to_string(number); }

NetworkSpec build(const NetworkParams& params) {
  if (params.depth > max_dilated)
    throw Error(ErrorCode::invalid_argument, "building network bfunet: expected depth 1 … " +
                                                 std::to_string(max_dilated) + ", found " +
                                                 std::to_string(params.depth));
  LayerList list(params);
  const int image = list.image();
  const int first = list.relu(list.convolution(name(1), image, params.width, 5));
  const int whole = list.convolution_relu(name(2), first, params.width);
  int half = list.relu(list.convolution(name(3), whole, 2 * params.width, 3, 2));
  for (int i = 0; i < params.depth; ++i) {
    const int dilated = list.convolution(name(4 + i), half, 2 * params.width);
    list.layers().back().dilation = 1 << i;
    half = list.relu(dilated);
  }
  const int up = list.relu(list.transposed(name(4 + params.depth), half, 2 * params.width, 4, 2, params.bias));
  const int joined = list.convolution_relu(name(5 + params.depth), list.concatenate(up, whole), params.width);
  const int last = list.convolution(name(6 + params.depth), joined, params.image_channels, 5);
  list.layers().back().bias = false;  // in the version with biases, too
  if (params.residual) list.subtract(image, last);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  int highest = 0;
  int found = 0;
  int upsampling = 0;
  for (int number = 1; number <= max_dilated + around_dilated; ++number) {
    if (!tensors.contains(name(number) + ".weight")) continue;
    highest = number;
    ++found;
    if (kernel_extent(tensors, name(number) + ".weight", 2) == 4) upsampling = number;
  }
  // One may be missing, for the check of the weights to name it.
  if (found < around_dilated || highest <= around_dilated) return false;
  // The only kernel of 4×4 stands two before the last, also if that one is missing.
  if (upsampling > 0) highest = upsampling + 2;
  const int channels = std::max(
      1, std::min(kernel_extent(tensors, "conv1.weight", 1) > 0 ? kernel_extent(tensors, "conv1.weight", 1)
                                                                : kernel_extent(tensors, name(highest) + ".weight", 0),
                  3));
  params = {.network = "bfunet",
            .input = channels == 3 ? InputDomain::rgb : InputDomain::gray,
            .image_channels = channels == 3 ? 3 : 1,
            .depth = highest - around_dilated,
            .width = std::max(kernel_extent(tensors, "conv2.weight", 0), kernel_extent(tensors, "conv1.weight", 0)),
            .bias = shows_biases(tensors),
            .residual = false};
  return params.width > 0;
}

const NetworkParams examples[] = {
    {.network = "bfunet", .image_channels = 1, .depth = 3, .width = 32, .bias = false},
    {.network = "bfunet",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 2,
     .width = 12,
     .bias = true,
     .residual = false},
};

}  // namespace

const Architecture bfunet_architecture{"bfunet", "bias-free U-Net (Mohan et al. 2020): one step down, homogeneous",
                                       build, recognise, examples};

}  // namespace rdenoise

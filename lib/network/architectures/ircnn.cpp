// SPDX-License-Identifier: LGPL-2.1-or-later
// IRCNN: Zhang, Zuo, Gu, Zhang, "Learning deep CNN denoiser prior for image restoration", CVPR 2017, section 3.2: seven
// convolutions of dilation 1, 2, 3, 4, 3, 2, 1 that predict the noise. Blind, one set of weights for each noise level.
#include <algorithm>

#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"
#include "network/architectures/sequential.hpp"

namespace rdenoise {
namespace {

constexpr int published_depth = 7;

int dilation(int i, int depth) { return std::min(i, depth - 1 - i) + 1; }

NetworkSpec build(const NetworkParams& params) {
  LayerList list(params);
  const int image = list.image();
  const int noise = append_sequential(list.layers(), image, params, params.image_channels, {.dilation = dilation});
  if (params.residual) list.subtract(image, noise);
  return list.take();
}

/// Dilation leaves no trace in the tensors. A stack of seven without batch norm was published as IRCNN only.
bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  SequentialShape shape;
  if (!recognise_sequential(tensors, shape)) return false;
  const int channels = shown_channels(shape);
  if (shape.depth != published_depth || shape.batch_norm || shape.batch_scale || (channels != 1 && channels != 3))
    return false;
  params = {.network = "ircnn",
            .input = channels == 1 ? InputDomain::gray : InputDomain::rgb,
            .image_channels = channels,
            .depth = shape.depth,
            .width = shape.width,
            .bias = shape.bias,
            .residual = true};
  return true;
}

const NetworkParams examples[] = {
    {.network = "ircnn", .image_channels = 1, .depth = 7, .width = 64, .residual = true},
    {.network = "ircnn", .input = InputDomain::rgb, .image_channels = 3, .depth = 7, .width = 18, .residual = true},
};

}  // namespace

const Architecture ircnn_architecture{"ircnn", "IRCNN (Zhang et al. 2017): seven dilated convolutions, one noise level",
                                      build, recognise, examples};

}  // namespace rdenoise

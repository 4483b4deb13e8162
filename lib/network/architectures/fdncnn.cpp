// SPDX-License-Identifier: LGPL-2.1-or-later
// FDnCNN: Zhang, Zuo, Zhang, "FFDNet", IEEE TIP 2018, section IV-D, published with KAIR: DnCNN at full resolution that
// takes the noise level as a map and gives the picture.
#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"
#include "network/architectures/sequential.hpp"

namespace rdenoise {
namespace {

NetworkSpec build(const NetworkParams& params) {
  LayerList list(params);
  const int image = list.image();
  const int joined = list.concatenate(image, list.noise_map(1));
  const int last = append_sequential(list.layers(), joined, params, params.image_channels);
  if (params.residual) list.subtract(image, last);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  SequentialShape shape;
  if (!recognise_sequential(tensors, shape) || shape.batch_scale) return false;
  // Without its first kernel it looks like DnCNN, and is this network only if asked for by name.
  if (shape.in_channels == 0) shape.in_channels = shape.out_channels + 1;
  if (shape.in_channels != 2 && shape.in_channels != 4) return false;
  params = {.network = "fdncnn",
            .input = shape.in_channels == 2 ? InputDomain::gray : InputDomain::rgb,
            .image_channels = shape.in_channels - 1,
            .depth = shape.depth,
            .width = shape.width,
            .batch_norm = shape.batch_norm,
            .bias = shape.bias,
            .residual = false};
  return true;
}

const NetworkParams examples[] = {
    {.network = "fdncnn", .image_channels = 1, .depth = 20, .width = 64},
    {.network = "fdncnn", .input = InputDomain::rgb, .image_channels = 3, .depth = 5, .width = 22},
};

}  // namespace

const Architecture fdncnn_architecture{"fdncnn", "FDnCNN (Zhang et al. 2018): DnCNN with a noise level map", build,
                                       recognise, examples};

}  // namespace rdenoise

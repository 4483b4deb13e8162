// SPDX-License-Identifier: LGPL-2.1-or-later
// DnCNN: Zhang, Zuo, Chen, Meng, Zhang, "Beyond a Gaussian denoiser: residual learning of deep CNN for image
// denoising", IEEE TIP 2017, section III. Blind: it knows the noise it was trained on. Predicts the noise (residual
// learning).
//
// S   17 layers, one noise level                        B   20 layers, a range of levels; also in colour
// 3   20 layers, one network for noise, JPEG artefacts and (of the picture enlarged by bicubic interpolation)
//     super-resolution
#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"
#include "network/architectures/sequential.hpp"

namespace rdenoise {
namespace {

NetworkSpec build(const NetworkParams& params) {
  LayerList list(params);
  const int image = list.image();
  const int noise = append_sequential(list.layers(), image, params, params.image_channels);
  if (params.residual) list.subtract(image, noise);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  SequentialShape shape;
  if (!recognise_sequential(tensors, shape)) return false;
  const int channels = shown_channels(shape);
  if (shape.batch_scale || (channels != 1 && channels != 3)) return false;
  params = {.network = "dncnn",
            .input = channels == 1 ? InputDomain::gray : InputDomain::rgb,
            .image_channels = channels,
            .depth = shape.depth,
            .width = shape.width,
            .batch_norm = shape.batch_norm,
            .bias = shape.bias,
            .residual = true};
  return true;
}

const NetworkParams examples[] = {
    // DnCNN-S of the paper; with depth 20 -B and -3
    {.network = "dncnn", .image_channels = 1, .depth = 17, .width = 64, .batch_norm = true, .residual = true},
    {.network = "dncnn",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 20,
     .width = 64,
     .batch_norm = true,
     .bias = false,
     .residual = true,
     .batch_norm_epsilon = 1e-4},
    {.network = "dncnn",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 5,
     .width = 24,
     .batch_norm = false,
     .bias = false,
     .residual = false},
};

}  // namespace

const Architecture dncnn_architecture{"dncnn",
                                      "DnCNN (Zhang et al. 2017): convolutions with batch norm that predict the noise",
                                      build, recognise, examples};

}  // namespace rdenoise

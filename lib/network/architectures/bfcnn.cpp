// SPDX-License-Identifier: LGPL-2.1-or-later
// BF-CNN: Mohan, Kadkhodaie, Simoncelli, Fernandez-Granda, "Robust and interpretable blind image denoising via
// bias-free convolutional neural networks", ICLR 2020: a DnCNN that adds no constant anywhere, its batch norm only
// scales. So f(αx) = αf(x), and it works at noise levels that it was not trained on.
#include "network/architectures/architectures.hpp"
#include "network/architectures/layer_list.hpp"
#include "network/architectures/sequential.hpp"

namespace rdenoise {
namespace {

NetworkSpec build(const NetworkParams& params) {
  LayerList list(params);
  const int image = list.image();
  const int noise =
      append_sequential(list.layers(), image, params, params.image_channels, {.norm = LayerKind::batch_scale});
  if (params.residual) list.subtract(image, noise);
  return list.take();
}

bool recognise(const TensorShapes& tensors, NetworkParams& params) {
  SequentialShape shape;
  if (!recognise_sequential(tensors, shape) || !shape.batch_scale) return false;
  const int channels = shown_channels(shape);
  if (channels != 1 && channels != 3) return false;
  params = {.network = "bfcnn",
            .input = channels == 1 ? InputDomain::gray : InputDomain::rgb,
            .image_channels = channels,
            .depth = shape.depth,
            .width = shape.width,
            .batch_norm = true,
            .bias = shape.bias,
            .residual = true};
  return true;
}

const NetworkParams examples[] = {
    {.network = "bfcnn",
     .image_channels = 1,
     .depth = 20,
     .width = 64,
     .batch_norm = true,
     .bias = false,
     .residual = true},
    {.network = "bfcnn",
     .input = InputDomain::rgb,
     .image_channels = 3,
     .depth = 6,
     .width = 20,
     .batch_norm = true,
     .bias = false,
     .residual = true,
     .batch_norm_epsilon = 0.0},
};

}  // namespace

const Architecture bfcnn_architecture{
    "bfcnn", "BF-CNN (Mohan et al. 2020): DnCNN without biases, homogeneous, for any noise level", build, recognise,
    examples};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The plain stack of 3×3 convolutions that DnCNN and FFDNet share, named as PyTorch's nn.Sequential names it.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise {

/// Appends depth convolutions, all but the last followed by relu, the middle ones by batch norm before it if params ask
/// for it. Each module takes the next number of "model.N", so merged and un-merged state dicts both match.
/// Returns the index of the last convolution.
int append_sequential(std::vector<Layer>& layers, int input, const NetworkParams& params, int out_channels);

/// The convolutions of a "model.N.weight" state dict in order, with what surrounds them.
struct SequentialShape {
  int depth = 0;
  int width = 0;
  int in_channels = 0;
  int out_channels = 0;
  bool batch_norm = false;
  bool bias = false;
};
/// False if the tensors are no such stack (other names, kernels other than 3×3, widths that change).
bool recognise_sequential(const TensorShapes& tensors, SequentialShape& shape);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The plain stack of 3×3 convolutions that DnCNN and FFDNet share, named as PyTorch's nn.Sequential names it.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise {

/// What differs between the stacks.
struct SequentialOptions {
  LayerKind norm = LayerKind::batch_norm;
  /// Dilation of the i-th of depth convolutions.
  int (*dilation)(int i, int depth) = [](int, int) { return 1; };
};

/// Appends depth convolutions, all but the last followed by relu, the middle ones by batch norm before it if params ask
/// for it. Each module takes the next number of "model.N", so merged and un-merged state dicts both match.
/// Returns the index of the last convolution.
int append_sequential(std::vector<Layer>& layers, int input, const NetworkParams& params, int out_channels,
                      const SequentialOptions& options = {});

/// The convolutions of a "model.N.weight" state dict in order, with what surrounds them.
struct SequentialShape {
  int depth = 0;
  int width = 0;
  int in_channels = 0;   ///< 0: the first convolution is missing, or makes no sense
  int out_channels = 0;  ///< 0: the same of the last
  bool batch_norm = false;
  bool batch_scale = false;
  bool bias = false;
};
/// False if the tensors are no such stack. A tensor that is missing, transposed or of another width does not hide what
/// the others show: the check of the weights then names it.
bool recognise_sequential(const TensorShapes& tensors, SequentialShape& shape);

/// The channels that a stack takes; if it does not show them, those that it gives.
[[nodiscard]] constexpr int shown_channels(const SequentialShape& shape) noexcept {
  return shape.in_channels > 0 ? shape.in_channels : shape.out_channels;
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The obviously right convolution that own kernels are compared with.
#pragma once

#include <cstddef>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdenoise::test {

/// One result of the 3×3 convolution "a", zeros around the picture.
/// Picture  has `view`, an Activation, and at(channel, y, x)
template <typename Picture>
double convolved_by_loops(const Picture& src, const Weights& weights, int oc, int y, int x) {
  const std::vector<float>& kernel = weights.tensors.at("a.weight").values;
  double sum = weights.tensors.at("a.bias").values[static_cast<std::size_t>(oc)];
  for (int c = 0; c < src.view.channels; ++c)
    for (int ky = 0; ky < 3; ++ky)
      for (int kx = 0; kx < 3; ++kx) {
        const int sy = y + ky - 1;
        const int sx = x + kx - 1;
        if (sy < 0 || sy >= src.view.height || sx < 0 || sx >= src.view.width) continue;
        const std::size_t index = ((static_cast<std::size_t>(oc) * src.view.channels + c) * 3 + ky) * 3 + kx;
        sum += static_cast<double>(kernel[index]) * src.at(c, sy, sx);
      }
  return sum;
}

}  // namespace rdenoise::test

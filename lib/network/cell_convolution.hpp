// SPDX-License-Identifier: LGPL-2.1-or-later
// Convolutions with strides told as convolutions without: a picture of cells of factor × factor pixels is a smaller
// picture with factor² times the channels.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise {

struct StridelessNetwork : FoldedNetwork {
  std::vector<int> new_index;  ///< of each layer of the given network: the layer here with the same result
};

/// The same network, in which each strided convolution is a pixel unshuffle and a convolution, and each transposed
/// convolution a convolution and a pixel shuffle. Exact: kernels are only laid out anew, with zeros where a kernel does
/// not fill its cells.
[[nodiscard]] StridelessNetwork without_strides(const FoldedNetwork& network);

}  // namespace rdenoise

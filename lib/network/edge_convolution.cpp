// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/edge_convolution.hpp"

#include "network/vector_lanes.hpp"

namespace rdenoise::onednn {
namespace {

bool is_dense_3x3(const Layer& convolution) { return convolution.kernel == 3 && convolution.dilation == 1; }

}  // namespace

// ns for a pixel, this kernel / oneDNN 2.6.3 (Winograd from 64 channels on), one core of a Sapphire Rapids, 128² px:
//
//   outputs        1          4          8          12         16
//   AVX-512   64   17 / 210   39 / 232   80 / 172   114 / 173  149 / 173
//             32              21 / 60    42 / 62    65 / 60
//             16              14 / 51    25 / 51    36 / 33
//   AVX2      64   33 / 229   88 / 227   173 / 235  261 / 313  339 / 315
//             16              23 / 60    45 / 60    71 / 79
//
// For comparison, 64 → 64 channels take 295 and 971 ns.
bool is_output_edge(const Layer& convolution, int in_channels) noexcept {
  const int most_outputs = in_channels >= 64 ? 12 : 8;
  return is_dense_3x3(convolution) && convolution.out_channels <= most_outputs;
}

// INPUT TABLE
bool is_input_edge(const Layer& convolution, int in_channels) noexcept {
  return is_dense_3x3(convolution) && in_channels >= 8 && in_channels <= 13;
}

bool has_edge_kernels() noexcept { return RDENOISE_HAS_VECTOR_LANES; }

}  // namespace rdenoise::onednn

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

// The same with 8 to 15 inputs, where oneDNN pads them to 16 (AVX2: multiples of 8) and wants them in blocks, which is
// counted:
//
//   inputs         8          9          13         15
//   AVX-512 → 16   16 / 33    19 / 33    26 / 36    29 / 37
//           → 32              36 / 61    48 / 66
//           → 64   62 / 88              (96: 142 / 134)
//   AVX2    → 16   40 / 42    47 / 83    72 / 80    86 / 82
//           → 32              89 / 115   139 / 114
//           → 64   159 / 111            (96: 431 / 327)
//
// Up to 7 inputs oneDNN reads planes, and is as fast.
bool is_input_edge(const Layer& convolution, int in_channels, int lanes) noexcept {
  const int padded = round_up(in_channels, lanes);
  return is_dense_3x3(convolution) && in_channels >= 8 && in_channels * 8 <= padded * 5;
}

bool may_be_input_edge(const Layer& convolution, int in_channels) noexcept {
  return is_dense_3x3(convolution) && in_channels < 16;
}

bool has_edge_kernels() noexcept { return RDENOISE_HAS_VECTOR_LANES; }

}  // namespace rdenoise::onednn

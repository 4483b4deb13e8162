// SPDX-License-Identifier: LGPL-2.1-or-later
// Measured with oneDNN 2.6.3 (jit_wino_4x3) on one Zen 5 core whose neighbour was busy, GFLOP/s of the direct algorithm
// (direct: 245):
//
//   64→64 channels, tile by tile in the L2 cache         450 … 530
//   same, whole picture transformed at once              350 … 380
//   same, 37×37 tiles (no divisor to unroll by)          240
//   96→96 channels (always whole picture)                450 … 520
//   same, 37×37 tiles                                    170
//
// oneDNN unrolls by the largest divisor ≤ 30 of the number of 4×4 tiles, and works tile by tile if the transforms of as
// many tiles fit in L2. A few more rows or columns change that divisor; the size itself matters little.
#include "network/onednn_winograd.hpp"

#include <limits>
#include <map>

#include "network/onednn_convolution.hpp"

namespace rdenoise::onednn {
namespace {

constexpr int tile_px = 4;       // F(4×4, 3×3) puts out 4×4 pixels
constexpr int max_unroll = 30;   // tiles that oneDNN's inner loop holds in registers
constexpr int fair_unroll = 13;  // from here on the inner loop is as fast as it gets
constexpr int max_extra_px = 12;

constexpr double whole_picture_penalty = 1.3;
constexpr double no_unroll_penalty = 2.2;

int unroll(int n_tiles) {
  int best = 1;
  for (int divisor = 2; divisor <= max_unroll; ++divisor)
    if (n_tiles % divisor == 0) best = divisor;
  return best;
}

double unroll_penalty(int n_tiles) {
  const int missing = fair_unroll - unroll(n_tiles);
  return missing <= 0 ? 1.0 : 1.0 + (no_unroll_penalty - 1.0) * missing / (fair_unroll - 1.0);
}

/// Time per multiply-accumulate, relative to the best; infinite without an implementation.
double relative_cost(WinogradShape shape, Extent extent) {
  const auto descriptor = describe_winograd(shape, extent);
  if (!descriptor) return std::numeric_limits<double>::infinity();
  const int n_tiles = shape.n_pictures * (extent.height / tile_px) * (extent.width / tile_px);
  // The scratch memory shows the schedule: 36 floats for each tile and channel if the whole picture is transformed.
  const double whole_picture_bytes = 36.0 * sizeof(float) * n_tiles * (shape.in_channels + shape.out_channels);
  const bool whole_picture = static_cast<double>(descriptor.scratchpad_desc().get_size()) >= whole_picture_bytes;
  return (whole_picture ? whole_picture_penalty : 1.0) * unroll_penalty(n_tiles);
}

}  // namespace

Extent choose_extent(std::span<const WinogradShape> shapes, Extent needed) {
  if (shapes.empty()) return needed;
  // Most layers of a stack are alike, and asking oneDNN takes a millisecond.
  std::map<WinogradShape, int> counts;
  for (const WinogradShape shape : shapes) ++counts[shape];
  const Extent start{round_up(needed.height, tile_px), round_up(needed.width, tile_px)};
  // Layers without Winograd take the direct algorithm, which runs as fast at any size.
  std::erase_if(counts, [&](const auto& entry) { return !describe_winograd(entry.first, start); });
  if (counts.empty()) return needed;
  Extent best = needed;
  double least = std::numeric_limits<double>::infinity();
  for (int height = start.height; height <= start.height + max_extra_px; height += tile_px)
    for (int width = start.width; width <= start.width + max_extra_px; width += tile_px) {
      double cost = 0;
      for (const auto& [shape, count] : counts)
        cost += count * relative_cost(shape, {height, width}) * height * width * shape.in_channels * shape.out_channels;
      if (cost < least) {
        least = cost;
        best = {height, width};
      }
    }
  return best;
}

}  // namespace rdenoise::onednn

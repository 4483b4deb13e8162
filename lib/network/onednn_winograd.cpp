// SPDX-License-Identifier: LGPL-2.1-or-later
// Measured with oneDNN 2.6.3, ns for a pixel of one layer; in brackets one Zen 5 core, GFLOP/s of the direct algorithm:
//
//   Sapphire Rapids, 64→64 channels, squares         4×4 tiles        2×2 tiles     direct
//   132 … 300 px, the tiles tile by tile in L2       180 … 215        255 … 285     590 … 760
//     [Zen 5: 450 … 530, direct 245]
//   148, 164, 188, 212 px (37², 41² … tiles)         670 … 920        264 … 275
//     [Zen 5: 240; 350 … 380 where only the whole picture is transformed at once]
//   296 px (74² tiles)                               324              288
//   96→96 channels                                   430              590           1440
//   48→48                                            120 … 140        160 … 185     270
//   32→32                                            70 … 80          95 … 150      117
//
// For 4×4 tiles oneDNN unrolls by the largest divisor ≤ 30 of their number, and works tile by tile if the transforms of
// as many tiles fit in L2. A few more rows or columns change that divisor; the size itself matters little.
#include "network/onednn_winograd.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>

#include "network/onednn_convolution.hpp"

namespace rdenoise::onednn {
namespace {

using Descriptor = dnnl::convolution_forward::primitive_desc;

constexpr int tile_px = 4;       // F(4×4, 3×3) puts out 4×4 pixels
constexpr int max_unroll = 30;   // tiles that oneDNN's inner loop holds in registers
constexpr int fair_unroll = 13;  // from here on the inner loop is as fast as it gets
constexpr int max_extra_px = 12;

constexpr double whole_picture_penalty = 1.3;
constexpr double no_unroll_penalty = 2.2;
constexpr double small_tiles_cost = 1.4;

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

int tile_count(WinogradShape shape, Extent extent) {
  return shape.n_pictures * (round_up(extent.height, tile_px) / tile_px) * (round_up(extent.width, tile_px) / tile_px);
}

/// Time per multiply-accumulate, relative to the best.
double cost_of_4x4(WinogradShape shape, Extent extent, const Descriptor& descriptor) {
  const int n_tiles = tile_count(shape, extent);
  // The scratch memory shows the schedule: 36 floats for each tile and channel if the whole picture is transformed.
  const double whole_picture_bytes = 36.0 * sizeof(float) * n_tiles * (shape.in_channels + shape.out_channels);
  const bool whole_picture = static_cast<double>(descriptor.scratchpad_desc().get_size()) >= whole_picture_bytes;
  return (whole_picture ? whole_picture_penalty : 1.0) * unroll_penalty(n_tiles);
}

struct Choice {
  Descriptor descriptor;  ///< empty: this CPU has no Winograd
  double cost = std::numeric_limits<double>::infinity();
};

Choice choose(WinogradShape shape, Extent extent, bool relu) {
  Choice large{describe_winograd(shape, extent, WinogradTile::px_4x4, relu)};
  if (large.descriptor) large.cost = cost_of_4x4(shape, extent, large.descriptor);
  if (large.cost <= small_tiles_cost) return large;
  Choice small{describe_winograd(shape, extent, WinogradTile::px_2x2, relu), small_tiles_cost};
  return small.descriptor ? small : large;
}

}  // namespace

Descriptor choose_winograd(WinogradShape shape, Extent extent, bool relu) {
  return choose(shape, extent, relu).descriptor;
}

bool has_winograd(WinogradShape shape) {
  // Asked once for each shape.
  constexpr Extent any_extent{128, 128};
  static std::mutex mutex;
  static std::map<WinogradShape, bool> known;
  const std::lock_guard lock(mutex);
  if (!known.contains(shape)) known[shape] = static_cast<bool>(choose(shape, any_extent, false).descriptor);
  return known[shape];
}

double winograd_cost(WinogradShape shape, Extent extent) {
  if (!has_winograd(shape)) return 1.0;
  // Without asking oneDNN, for a planner that compares hundreds of sizes: where the unrolling is poor, it often
  // transforms the whole picture at once besides.
  const double penalty = unroll_penalty(tile_count(shape, extent));
  return std::min(penalty > 1.0 ? penalty * whole_picture_penalty : 1.0, small_tiles_cost);
}

Extent choose_extent(std::span<const WinogradShape> shapes, Extent needed) {
  if (shapes.empty()) return needed;
  // Most layers of a stack are alike, and asking oneDNN takes a millisecond.
  std::map<WinogradShape, int> counts;
  for (const WinogradShape shape : shapes) ++counts[shape];
  const Extent start{round_up(needed.height, tile_px), round_up(needed.width, tile_px)};
  // Layers without Winograd take the direct algorithm, which runs as fast at any size.
  std::erase_if(counts, [&](const auto& entry) { return !choose(entry.first, start, false).descriptor; });
  if (counts.empty()) return needed;
  Extent best = needed;
  double least = std::numeric_limits<double>::infinity();
  for (int height = start.height; height <= start.height + max_extra_px; height += tile_px)
    for (int width = start.width; width <= start.width + max_extra_px; width += tile_px) {
      double cost = 0;
      for (const auto& [shape, count] : counts)
        cost += count * choose(shape, {height, width}, false).cost * height * width * shape.in_channels *
                shape.out_channels;
      if (cost < least) {
        least = cost;
        best = {height, width};
      }
    }
  return best;
}

}  // namespace rdenoise::onednn

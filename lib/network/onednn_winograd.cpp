// SPDX-License-Identifier: LGPL-2.1-or-later
// Measured with oneDNN 2.6.3 (jit_wino_4x3) on one Zen 5 core, GFLOP/s of the direct algorithm:
//
//   64→64 channels, tile by tile in the L2 cache                 630 … 660
//   same, whole picture transformed at once                      440 (295 with both cores busy)
//   same, 37×37 tiles (no divisor to unroll by)                  280
//   same, 32×32, 64×64 or 128×128 tiles (cache lines collide)    530
//   96→96 channels (always whole picture)                        515 (325 with both cores busy)
//   96→48 channels, tile by tile                                 620
//
// Tile by tile is taken if the transforms of as many 4×4 tiles as are unrolled (the largest divisor ≤ 30 of the number
// of tiles) fit in L2; a few more rows or columns, or fewer output channels at once, change that.
#include "network/onednn_winograd.hpp"

#include <bit>
#include <limits>

#include "network/onednn_convolution.hpp"

namespace rdenoise::onednn {
namespace {

constexpr int tile_px = 4;       // F(4×4, 3×3) puts out 4×4 pixels
constexpr int block = 16;        // channels
constexpr int max_unroll = 30;   // tiles that oneDNN's inner loop holds in registers
constexpr int fair_unroll = 13;  // from here on the inner loop is as fast as it gets
constexpr int max_extra_px = 12;

constexpr double whole_picture_penalty = 1.6;
constexpr double colliding_lines_penalty = 1.2;
constexpr double no_unroll_penalty = 2.3;
constexpr double penalty_of_a_group = 0.06;  // the source is transformed again

int round_up_to_tiles(int extent_px) { return round_up(extent_px, tile_px); }

int tile_count(Extent extent) {
  return round_up_to_tiles(extent.height) / tile_px * (round_up_to_tiles(extent.width) / tile_px);
}

int unroll(int n_tiles) {
  int best = 1;
  for (int divisor = 2; divisor <= max_unroll; ++divisor)
    if (n_tiles % divisor == 0) best = divisor;
  return best;
}

double size_penalty(int n_tiles) {
  const int unrolled = unroll(n_tiles);
  if (unrolled < fair_unroll) return 1.0 + (no_unroll_penalty - 1.0) * (fair_unroll - unrolled) / (fair_unroll - 1.0);
  return std::has_single_bit(static_cast<unsigned>(n_tiles)) ? colliding_lines_penalty : 1.0;
}

/// Time per multiply-accumulate, relative to the best; infinite without an implementation.
double relative_cost(WinogradShape shape, int groups, Extent extent) {
  const int out_channels = shape.out_channels / groups;
  const auto descriptor = describe_winograd({shape.in_channels, out_channels}, extent);
  if (!descriptor) return std::numeric_limits<double>::infinity();
  const int n_tiles = tile_count(extent);
  // The scratch memory shows the schedule: 36 floats for each tile and channel if the whole picture is transformed.
  const double whole_picture_bytes = 36.0 * sizeof(float) * n_tiles * (shape.in_channels + out_channels);
  const bool whole_picture = static_cast<double>(descriptor.scratchpad_desc().get_size()) >= whole_picture_bytes;
  return (whole_picture ? whole_picture_penalty : 1.0) * (1.0 + penalty_of_a_group * (groups - 1)) *
         size_penalty(n_tiles);
}

struct Grouping {
  int groups = 0;
  double cost = std::numeric_limits<double>::infinity();
};

Grouping best_grouping(WinogradShape shape, Extent extent) {
  Grouping best;
  for (int groups = 1; groups <= shape.out_channels / block; ++groups) {
    if (shape.out_channels % (groups * block) != 0) continue;
    const double cost = relative_cost(shape, groups, extent);
    if (cost < best.cost) best = {groups, cost};
  }
  return best;
}

}  // namespace

int choose_output_groups(WinogradShape shape, Extent extent) { return best_grouping(shape, extent).groups; }

Extent choose_extent(std::span<const WinogradShape> shapes, Extent needed) {
  if (shapes.empty()) return needed;
  Extent best = needed;
  double least = std::numeric_limits<double>::infinity();
  const Extent start{round_up_to_tiles(needed.height), round_up_to_tiles(needed.width)};
  for (int height = start.height; height <= start.height + max_extra_px; height += tile_px)
    for (int width = start.width; width <= start.width + max_extra_px; width += tile_px) {
      double cost = 0;
      for (const WinogradShape shape : shapes)
        cost += best_grouping(shape, {height, width}).cost * height * width * shape.in_channels * shape.out_channels;
      if (cost < least) {
        least = cost;
        best = {height, width};
      }
    }
  return best;
}

}  // namespace rdenoise::onednn

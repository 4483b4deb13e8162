// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/lossless_jpeg_tiles.hpp"

#include <algorithm>
#include <rdenoise/parallel.hpp>

#include "raw/lossless_jpeg_encoder.hpp"

namespace rdenoise {
namespace {

/// TIFF wants the sides of tiles to be multiples of this.
constexpr int tile_step_px = 16;
constexpr int most_tile_px = 512;

/// Not longer than the picture: LibRaw 0.20 loses its place in tiles that are.
int tile_side(int length_px) { return std::clamp(length_px / tile_step_px * tile_step_px, tile_step_px, most_tile_px); }

/// The nearest place within the picture; in a mosaic one of the same colour.
int inside(int position, int length_px, int period_px) {
  if (position < length_px) return position;
  const int beyond = position - length_px + 1;
  return std::max(position - (beyond + period_px - 1) / period_px * period_px, 0);
}

}  // namespace

LosslessJpegTiles encode_lossless_jpeg_tiles(std::span<const std::uint16_t> samples, int width_px, int height_px,
                                             int channels, int n_threads) {
  LosslessJpegTiles result;
  result.tile_width_px = tile_side(width_px);
  result.tile_height_px = tile_side(height_px / 2);
  const int tiles_across = (width_px + result.tile_width_px - 1) / result.tile_width_px;
  const int tiles_down = (height_px + result.tile_height_px - 1) / result.tile_height_px;
  result.tiles.resize(static_cast<std::size_t>(tiles_across) * tiles_down);
  const int period_px = channels == 1 ? 2 : 1;

  parallel_bands(static_cast<int>(result.tiles.size()), 1, n_threads, [&](int begin, int end) {
    std::vector<std::uint16_t> tile(static_cast<std::size_t>(result.tile_width_px) * result.tile_height_px * channels);
    for (int index = begin; index < end; ++index) {
      const int left_px = index % tiles_across * result.tile_width_px;
      const int top_px = index / tiles_across * result.tile_height_px;
      auto next = tile.begin();
      for (int y = 0; y < result.tile_height_px; ++y) {
        const std::size_t row = static_cast<std::size_t>(inside(top_px + y, height_px, period_px)) * width_px;
        for (int x = 0; x < result.tile_width_px; ++x) {
          const std::size_t pixel = row + static_cast<std::size_t>(inside(left_px + x, width_px, period_px));
          next = std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(pixel * channels), channels, next);
        }
      }
      const int components = channels == 1 ? 2 : channels;
      result.tiles[static_cast<std::size_t>(index)] =
          encode_lossless_jpeg(tile, result.tile_width_px * channels / components, result.tile_height_px, components);
    }
  });
  return result;
}

}  // namespace rdenoise

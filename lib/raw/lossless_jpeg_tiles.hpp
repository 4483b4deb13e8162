// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture as tiles of lossless JPEG, as DNG stores them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rdenoise {

struct LosslessJpegTiles {
  int tile_width_px = 0;
  int tile_height_px = 0;
  std::vector<std::vector<std::byte>> tiles;  ///< row by row
};

/// Tiles are encoded in parallel; they do not depend on the number of threads. There is more than one as soon as the
/// picture is higher than 16 pixels, because LibRaw 0.20 finds no single tile. What a tile has beyond the picture
/// repeats the last pixels.
///
/// samples   [height, width, channel]
/// channels  1 for a Bayer mosaic, 3 for colours
[[nodiscard]] LosslessJpegTiles encode_lossless_jpeg_tiles(std::span<const std::uint16_t> samples, int width_px,
                                                           int height_px, int channels, int n_threads);

}  // namespace rdenoise

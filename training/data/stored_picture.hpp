// SPDX-License-Identifier: LGPL-2.1-or-later
// Training pictures in memory, and crops of them.
#pragma once

#include <cstdint>
#include <rdenoise/image.hpp>
#include <vector>

namespace rdenoise::training {

/// 8 bits a sample, planar: [planes, height, width]; gray or rgb.
struct StoredPicture {
  ColorModel color_model = ColorModel::gray;
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> samples;
};

/// The picture as gray (BT.601 luma, as in the papers) or rgb (gray thrice).
[[nodiscard]] Image converted(Image picture, ColorModel color_model);
/// Rounded and clipped.
[[nodiscard]] StoredPicture stored(const Image& picture);
[[nodiscard]] Image as_image(const StoredPicture& picture);

/// A square of a picture, and how it is turned: 0 … 3 quarter turns to the left, + 4: mirrored left to right before.
struct PatchPlace {
  int x_px = 0;
  int y_px = 0;
  int turn = 0;
};

/// The square as signal, 0 … 1. It must lie inside of the picture (asserted).
[[nodiscard]] Image crop(const StoredPicture& picture, const PatchPlace& place, int side_px);

/// The square of a picture from (x, y) on.
[[nodiscard]] Image cut(const Image& picture, int x_px, int y_px, int side_px);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "upright.hpp"

#include <utility>

namespace rdn {

rdenoise::Image upright(rdenoise::Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  // EXIF: 5 … 8 swap rows and columns; 3, 4, 7, 8 start at the scene's bottom, 2, 3, 6, 7 at its right.
  const bool swaps = orientation >= 5;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const int width_px = swaps ? image.height_px() : image.width_px();
  const int height_px = swaps ? image.width_px() : image.height_px();
  rdenoise::Image turned(image.color_model(), width_px, height_px, image.cfa());
  for (int plane = 0; plane < image.plane_count(); ++plane) {
    for (int y = 0; y < height_px; ++y) {
      const int scene_y = from_bottom ? height_px - 1 - y : y;
      for (int x = 0; x < width_px; ++x) {
        const int scene_x = from_right ? width_px - 1 - x : x;
        turned.at(plane, x, y) = swaps ? image.at(plane, scene_y, scene_x) : image.at(plane, scene_x, scene_y);
      }
    }
  }
  return turned;
}

}  // namespace rdn

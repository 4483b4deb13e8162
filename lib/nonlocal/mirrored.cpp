// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/mirrored.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

/// Index of sample `i` of a row of n that goes back and forth: 0 … n−1, n−1 … 0, 0 …
int mirrored_index(int i, int n) {
  const int place = i % (2 * n);
  return place < n ? place : 2 * n - 1 - place;
}

}  // namespace

Image mirrored_to(const Image& picture, int width_px, int height_px) {
  Image result(picture.color_model(), std::max(width_px, picture.width_px()), std::max(height_px, picture.height_px()));
  for (int plane = 0; plane < picture.plane_count(); ++plane)
    for (int y = 0; y < result.height_px(); ++y)
      for (int x = 0; x < result.width_px(); ++x)
        result.at(plane, x, y) =
            picture.at(plane, mirrored_index(x, picture.width_px()), mirrored_index(y, picture.height_px()));
  return result;
}

Image cropped_to(const Image& picture, int width_px, int height_px) {
  Image result(picture.color_model(), width_px, height_px);
  for (int plane = 0; plane < picture.plane_count(); ++plane)
    for (int y = 0; y < height_px; ++y)
      for (int x = 0; x < width_px; ++x) result.at(plane, x, y) = picture.at(plane, x, y);
  return result;
}

}  // namespace rdenoise

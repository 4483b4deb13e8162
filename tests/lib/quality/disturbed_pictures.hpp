// SPDX-License-Identifier: LGPL-2.1-or-later
// Pictures made by formula that differ from each other, for measures of that difference.
#pragma once

#include <cmath>
#include <rdenoise/image.hpp>

namespace rdenoise::test {

/// With a fine wave on top, other in each channel.
[[nodiscard]] inline Image with_wave(Image image, float amplitude) {
  for (int c = 0; c < image.plane_count(); ++c) {
    for (int y = 0; y < image.height_px(); ++y) {
      for (int x = 0; x < image.width_px(); ++x) {
        image.at(c, x, y) += amplitude * std::sin(1.3F * x + 0.4F * c) * std::cos(0.9F * y);
      }
    }
  }
  return image;
}

/// In whole steps of 1/255, so that a few ulp in the formula on another machine change nothing.
[[nodiscard]] inline Image in_8bit_steps(Image image) {
  for (float& sample : image.samples()) sample = std::round(255.F * sample) / 255.F;
  return image;
}

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/noise_map.hpp"

#include <cmath>

namespace rdenoise {

void fill_noise_map(ConstTensorView picture, std::span<const CellNoise> noise, double strength, int factor,
                    TensorView map) {
  const double scale = 1.0 / (static_cast<double>(factor) * factor * picture.channels);
  for (int y = 0; y < map.height; ++y) {
    float* const out = map.row(0, y);
    for (int x = 0; x < map.width; ++x) {
      double variance = 0.0;
      for (int plane = 0; plane < picture.channels; ++plane)
        for (int py = y * factor; py < (y + 1) * factor; ++py) {
          const float* const row = picture.row(plane, py);
          for (int px = x * factor; px < (x + 1) * factor; ++px)
            variance += noise[plane][2 * (py & 1) + (px & 1)].variance(row[px]);
        }
      out[x] = static_cast<float>(strength * std::sqrt(variance * scale));
    }
  }
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/cpsnr.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise::test {

double cpsnr_db(const Image& reference, const Image& restored, int border_px) {
  double squares = 0.0;
  double count = 0.0;
  for (int plane = 0; plane < reference.plane_count(); ++plane) {
    for (int y = border_px; y < reference.height_px() - border_px; ++y) {
      for (int x = border_px; x < reference.width_px() - border_px; ++x) {
        const double rounded = std::round(std::clamp(restored.at(plane, x, y), 0.F, 1.F) * 255.F);
        const double error = rounded - 255.0 * reference.at(plane, x, y);
        squares += error * error;
        count += 1.0;
      }
    }
  }
  return 10.0 * std::log10(255.0 * 255.0 * count / squares);
}

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/opponent_color.hpp"

namespace rdenoise {

void to_opponent(Image& rgb) noexcept {
  const std::span<float> p0 = rgb.plane(0);
  const std::span<float> p1 = rgb.plane(1);
  const std::span<float> p2 = rgb.plane(2);
  for (std::size_t i = 0; i < p0.size(); ++i) {
    const float r = p0[i];
    const float g = p1[i];
    const float b = p2[i];
    p0[i] = (r + g + b) / 3.F;
    p1[i] = (r - b) / 2.F;
    p2[i] = (r - 2.F * g + b) / 4.F;
  }
}

void from_opponent(Image& opponent) noexcept {
  const std::span<float> p0 = opponent.plane(0);
  const std::span<float> p1 = opponent.plane(1);
  const std::span<float> p2 = opponent.plane(2);
  for (std::size_t i = 0; i < p0.size(); ++i) {
    const float luminance = p0[i];
    const float half_difference = p1[i];
    const float magenta_green = p2[i];
    // Of r + b = 3·luminance − g and 4·magenta_green = r + b − 2·g.
    const float g = luminance - 4.F / 3.F * magenta_green;
    const float half_sum = (3.F * luminance - g) / 2.F;
    p0[i] = half_sum + half_difference;
    p1[i] = g;
    p2[i] = half_sum - half_difference;
  }
}

}  // namespace rdenoise

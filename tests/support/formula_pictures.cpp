// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/formula_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace rdenoise::test {
namespace {

constexpr int cell_px = 48;

/// 0 … 1, the same for the same cell and salt.
float cell_value(int cell_x, int cell_y, std::uint32_t salt) noexcept {
  std::uint32_t h = static_cast<std::uint32_t>(cell_x) * 0x9E3779B1U ^
                    static_cast<std::uint32_t>(cell_y) * 0x85EBCA77U ^ salt * 0xC2B2AE3DU;
  h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12)) * 0x297A2D39U;
  return static_cast<float>((h ^ (h >> 15)) >> 8) / 16777216.F;
}

/// How much of the pixel a disc covers, with an edge one pixel wide: one disc in each cell of a regular grid.
float disc_cover(int x_px, int y_px, int cell_x, int cell_y) noexcept {
  const float radius_px = 6.F + 14.F * cell_value(cell_x, cell_y, 1);
  const float dx = static_cast<float>(x_px - cell_x * cell_px) - 0.5F * cell_px;
  const float dy = static_cast<float>(y_px - cell_y * cell_px) - 0.5F * cell_px;
  return std::clamp(radius_px - std::sqrt(dx * dx + dy * dy) + 0.5F, 0.F, 1.F);
}

/// Straight bars with a slanted edge, 1 inside.
float bar_cover(int x_px, int y_px) noexcept {
  const float along = std::fmod(static_cast<float>(x_px) + 0.35F * static_cast<float>(y_px), 150.F);
  return std::clamp(std::min(along - 100.F, 125.F - along) + 0.5F, 0.F, 1.F);
}

}  // namespace

float formula_signal(int plane, int x_px, int y_px) noexcept {
  const auto x = static_cast<float>(x_px);
  const auto y = static_cast<float>(y_px);
  const auto tint = static_cast<std::uint32_t>(plane);
  // Channels of photographs agree in most things and differ slowly.
  float signal =
      0.46F + 0.2F * std::sin(x / 61.F + 0.4F) * std::cos(y / 47.F) + 0.05F * std::sin((x + y) / 83.F + plane);
  const int cell_x = x_px / cell_px;
  const int cell_y = y_px / cell_px;
  // Two cells of three carry a disc; every fourth cell is textured.
  if (cell_value(cell_x, cell_y, 2) < 0.67F) {
    const float level = 0.75F * cell_value(cell_x, cell_y, 3) + 0.25F * cell_value(cell_x, cell_y, 10 + tint);
    const float cover = disc_cover(x_px, y_px, cell_x, cell_y);
    signal += cover * (0.1F + 0.8F * level - signal);
  }
  if (cell_value(cell_x, cell_y, 4) < 0.25F) {
    const float angle = 3.14159265F * cell_value(cell_x, cell_y, 5);
    const float period_px = 4.F + 6.F * cell_value(cell_x, cell_y, 6);
    signal += 0.07F * std::sin(6.2831853F * (x * std::cos(angle) + y * std::sin(angle)) / period_px);
  }
  signal += bar_cover(x_px, y_px) * (0.2F + 0.05F * plane - signal) * 0.8F;
  return std::clamp(signal, 0.05F, 0.95F);
}

Image formula_gray(int width_px, int height_px) {
  Image image(ColorModel::gray, width_px, height_px);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) image.at(0, x, y) = formula_signal(0, x, y);
  }
  return image;
}

Image formula_rgb(int width_px, int height_px) {
  Image image(ColorModel::rgb, width_px, height_px);
  for (int plane = 0; plane < 3; ++plane) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) image.at(plane, x, y) = formula_signal(plane, x, y);
    }
  }
  return image;
}

Image formula_bayer(int width_px, int height_px, CfaPattern cfa) {
  Image image(ColorModel::bayer, width_px, height_px, cfa);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) image.at(0, x, y) = formula_signal(cfa_color_at(cfa, x, y), x, y);
  }
  return image;
}

Image flat_picture(ColorModel color_model, int width_px, int height_px, float signal) {
  Image image(color_model, width_px, height_px);
  std::ranges::fill(image.samples(), signal);
  return image;
}

}  // namespace rdenoise::test

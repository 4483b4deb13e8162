// SPDX-License-Identifier: LGPL-2.1-or-later
// Demosaicing straight from the tables of the paper, one pixel at a time: what the fast one is held against.
#pragma once

#include <array>
#include <rdenoise/isp.hpp>

#include "isp/mosaic_rows.hpp"
#include "plain_gbtf.hpp"

namespace rdenoise {

using Kernel = std::array<std::array<double, 5>, 5>;

/// Malvar, He, Cutler 2004, figure 2, times 8 (centre column and row are those of the site).
inline constexpr Kernel malvar_green_at_colored{
    {{0, 0, -1, 0, 0}, {0, 0, 2, 0, 0}, {-1, 2, 4, 2, -1}, {0, 0, 2, 0, 0}, {0, 0, -1, 0, 0}}};
inline constexpr Kernel malvar_along_row{
    {{0, 0, 0.5, 0, 0}, {0, -1, 0, -1, 0}, {-1, 4, 5, 4, -1}, {0, -1, 0, -1, 0}, {0, 0, 0.5, 0, 0}}};
inline constexpr Kernel malvar_along_column{
    {{0, 0, -1, 0, 0}, {0, -1, 4, -1, 0}, {0.5, 0, 5, 0, 0.5}, {0, -1, 4, -1, 0}, {0, 0, -1, 0, 0}}};
inline constexpr Kernel malvar_diagonal{
    {{0, 0, -1.5, 0, 0}, {0, 2, 0, 2, 0}, {-1.5, 0, 6, 0, -1.5}, {0, 2, 0, 2, 0}, {0, 0, -1.5, 0, 0}}};

/// Means of the nearest sites, times 8.
inline constexpr Kernel bilinear_green_at_colored{
    {{0, 0, 0, 0, 0}, {0, 0, 2, 0, 0}, {0, 2, 0, 2, 0}, {0, 0, 2, 0, 0}, {0, 0, 0, 0, 0}}};
inline constexpr Kernel bilinear_along_row{
    {{0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 4, 0, 4, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}}};
inline constexpr Kernel bilinear_along_column{
    {{0, 0, 0, 0, 0}, {0, 0, 4, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 4, 0, 0}, {0, 0, 0, 0, 0}}};
inline constexpr Kernel bilinear_diagonal{
    {{0, 0, 0, 0, 0}, {0, 2, 0, 2, 0}, {0, 0, 0, 0, 0}, {0, 2, 0, 2, 0}, {0, 0, 0, 0, 0}}};

inline double filtered(const Image& mosaic, const Kernel& kernel, int x, int y) {
  double sum = 0.0;
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      sum += kernel[dy + 2][dx + 2] *
             mosaic.at(0, mirrored_index(x + dx, mosaic.width_px()), mirrored_index(y + dy, mosaic.height_px()));
    }
  }
  return sum / 8.0;
}

inline Image plain_kernel_demosaic(const Image& mosaic, DemosaicMethod method) {
  const bool malvar = method == DemosaicMethod::malvar;
  Image rgb(ColorModel::rgb, mosaic.width_px(), mosaic.height_px());
  for (int y = 0; y < mosaic.height_px(); ++y) {
    for (int x = 0; x < mosaic.width_px(); ++x) {
      const int own = cfa_color_at(mosaic.cfa(), x, y);
      for (int color = 0; color < 3; ++color) {
        double value = mosaic.at(0, x, y);
        if (color != own && color == 1) {
          value = filtered(mosaic, malvar ? malvar_green_at_colored : bilinear_green_at_colored, x, y);
        } else if (color != own && own == 1) {
          const bool in_row = cfa_color_at(mosaic.cfa(), x + 1, y) == color;
          const Kernel& along_row = malvar ? malvar_along_row : bilinear_along_row;
          const Kernel& along_column = malvar ? malvar_along_column : bilinear_along_column;
          value = filtered(mosaic, in_row ? along_row : along_column, x, y);
        } else if (color != own) {
          value = filtered(mosaic, malvar ? malvar_diagonal : bilinear_diagonal, x, y);
        }
        rgb.at(color, x, y) = static_cast<float>(value);
      }
    }
  }
  return rgb;
}

inline Image plain_demosaic(const Image& mosaic, DemosaicMethod method) {
  return method == DemosaicMethod::gbtf ? plain_gbtf(mosaic) : plain_kernel_demosaic(mosaic, method);
}

}  // namespace rdenoise

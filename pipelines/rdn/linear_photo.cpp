// SPDX-License-Identifier: LGPL-2.1-or-later
#include "linear_photo.hpp"

#include <cmath>
#include <cstddef>
#include <rdenoise/isp.hpp>
#include <rdenoise/parallel.hpp>
#include <span>
#include <utility>

namespace rdn {
namespace {

using rdenoise::Image;

constexpr int band_rows = 16;

/// Odd: noise lies on both sides of black.
float root(float value) { return std::copysign(std::sqrt(std::fabs(value)), value); }
float square(float value) { return std::copysign(value * value, value); }

std::span<float> row_of(Image& image, int plane, int y) {
  const auto width_px = static_cast<std::size_t>(image.width_px());
  return image.plane(plane).subspan(static_cast<std::size_t>(y) * width_px, width_px);
}

}  // namespace

Image camera_rgb_of_mosaic(Image mosaic, const std::array<float, 3>& gains, const std::string& demosaic,
                           int n_threads) {
  rdenoise::parallel_bands(mosaic.height_px(), band_rows, n_threads, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      const float gain[2] = {gains[static_cast<std::size_t>(rdenoise::cfa_color_at(mosaic.cfa(), 0, y))],
                             gains[static_cast<std::size_t>(rdenoise::cfa_color_at(mosaic.cfa(), 1, y))]};
      const std::span<float> row = row_of(mosaic, 0, y);
      for (std::size_t x = 0; x < row.size(); ++x) row[x] = root(gain[x % 2] * row[x]);
    }
  });
  Image rgb =
      rdenoise::demosaic(std::as_const(mosaic).view(), rdenoise::find_demosaic_method(demosaic).value(), n_threads);
  rdenoise::parallel_bands(rgb.height_px(), band_rows, n_threads, [&](int begin, int end) {
    for (int c = 0; c < 3; ++c)
      for (int y = begin; y < end; ++y)
        for (float& sample : row_of(rgb, c, y)) sample = square(sample) / gains[static_cast<std::size_t>(c)];
  });
  return rgb;
}

Image camera_rgb_of_picture(const Image& picture, const std::array<float, 3>& gains) {
  Image rgb = picture;
  for (int c = 0; c < 3; ++c)
    for (float& sample : rgb.plane(c))
      sample = rdenoise::decode_tone(rdenoise::ToneCurve::srgb, sample) / gains[static_cast<std::size_t>(c)];
  return rgb;
}

}  // namespace rdn

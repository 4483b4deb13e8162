// SPDX-License-Identifier: LGPL-2.1-or-later
// The vector code of the noise map against the obvious loop.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "denoise/noise_map.hpp"

namespace rdenoise {
namespace {

void plain_noise_map(ConstTensorView picture, std::span<const CellNoise> noise, double strength, int factor,
                     TensorView map) {
  const double scale = 1.0 / (static_cast<double>(factor) * factor * picture.channels);
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      double variance = 0.0;
      for (int plane = 0; plane < picture.channels; ++plane) {
        for (int py = y * factor; py < (y + 1) * factor; ++py) {
          for (int px = x * factor; px < (x + 1) * factor; ++px) {
            variance += noise[plane][2 * (py & 1) + (px & 1)].variance(picture.row(plane, py)[px]);
          }
        }
      }
      map.row(0, y)[x] = static_cast<float>(strength * std::sqrt(variance * scale));
    }
  }
}

NoiseModel line(int index) { return {0.002 * (index + 1), 0.0003 * (index + 1), {}}; }

NoiseModel level_function(int index) {
  NoiseModel noise = line(index);
  noise.level_function.emplace();
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
    noise.level_function->variance[i] =
        static_cast<float>(0.001 * (1.0 + std::sin(0.7 * i + index)) + 1e-5 * (index + 1));
  }
  return noise;
}

void expect_equal_maps(int planes, int width_px, int height_px, int factor, const std::vector<CellNoise>& noise) {
  std::vector<float> picture(static_cast<std::size_t>(planes) * width_px * height_px);
  std::mt19937 generator(11);
  std::uniform_real_distribution<float> uniform(-0.2F, 1.2F);
  for (float& sample : picture) sample = uniform(generator);
  const float extremes[] = {0.F,
                            1.F,
                            -0.F,
                            std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity()};
  // Infinite light on a line has infinite noise: kept to planes of level functions.
  const int count = noise[0][0].level_function && noise[0][1].level_function ? 6 : 4;
  for (int i = 0; i < count && i < width_px; ++i) picture[i] = extremes[i];
  std::vector<float> expected(static_cast<std::size_t>(width_px / factor) * (height_px / factor));
  std::vector<float> found(expected.size());
  const ConstTensorView view{picture.data(), planes, height_px, width_px};
  plain_noise_map(view, noise, 1.3, factor, {expected.data(), 1, height_px / factor, width_px / factor});
  fill_noise_map(view, noise, 1.3, factor, {found.data(), 1, height_px / factor, width_px / factor});
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // Float against double: a few roundings of 6e-8 each; a place between two levels loses 32 of them where the
    // function is steep.
    ASSERT_NEAR(found[i], expected[i], 2e-6F * expected[i] + 1e-7F) << i << " of " << width_px << "x" << height_px;
  }
}

TEST(NoiseMapTwin, of_lines_and_level_functions_gives_the_same) {
  for (const int factor : {1, 2, 4}) {
    for (const int planes : {1, 3}) {
      for (const int width_px : {4, 36, 1024, 2100}) {
        std::vector<CellNoise> lines;
        std::vector<CellNoise> functions;
        for (int plane = 0; plane < planes; ++plane) {
          lines.push_back({line(plane), line(plane), line(plane), line(plane)});
          const NoiseModel function = level_function(plane);
          functions.push_back({function, function, function, function});
        }
        expect_equal_maps(planes, width_px, 8, factor, lines);
        expect_equal_maps(planes, width_px, 8, factor, functions);
      }
    }
  }
}

TEST(NoiseMapTwin, of_a_mosaic_gives_the_same) {
  for (const int factor : {1, 2}) {
    for (const int width_px : {6, 130, 2054}) {
      expect_equal_maps(1, width_px, 6, factor, {CellNoise{line(0), line(1), line(2), line(3)}});
      expect_equal_maps(1, width_px, 6, factor,
                        {CellNoise{level_function(0), level_function(1), level_function(2), level_function(3)}});
      expect_equal_maps(1, width_px, 6, factor, {CellNoise{level_function(0), line(1), line(2), level_function(3)}});
    }
  }
}

TEST(NoiseMapTwin, of_a_line_that_falls_below_zero_has_no_noise_there) {
  const NoiseModel noise{0.01, -0.002, {}};
  expect_equal_maps(1, 64, 4, 1, {CellNoise{noise, noise, noise, noise}});
}

}  // namespace
}  // namespace rdenoise

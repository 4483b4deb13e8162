// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/fourier_transform.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace rdenoise {
namespace {

using Complex = std::complex<double>;

std::vector<Complex> formula_samples(int count) {
  std::vector<Complex> samples;
  for (int n = 0; n < count; ++n) samples.emplace_back(std::sin(0.7 * n * n), std::cos(1.9 * n));
  return samples;
}

Complex direct_sum(const std::vector<Complex>& src, int k, double sign) {
  const auto length = static_cast<double>(src.size());
  Complex sum = 0.0;
  for (std::size_t n = 0; n < src.size(); ++n) {
    sum += src[n] * std::polar(1.0, sign * 2.0 * std::numbers::pi * k * static_cast<double>(n) / length);
  }
  return sum;
}

TEST(FourierTransform, equals_the_direct_sum_for_lengths_of_every_kind) {
  // Powers of 2, products of 2, 3 and 5, and lengths that go by chirps: with a factor above 5, and primes.
  for (const int length : {1, 2, 3, 5, 7, 8, 12, 14, 30, 49, 64, 90, 97, 121}) {
    const std::vector<Complex> src = formula_samples(length);
    for (const auto& [direction, sign] :
         {std::pair{FourierDirection::forward, -1.0}, {FourierDirection::inverse, 1.0}}) {
      std::vector<Complex> dst(src.size());
      FourierTransform(length, direction).run(src, dst);
      for (int k = 0; k < length; ++k) {
        // A hundred terms below √2, and angles up to 2π·10⁴ in double.
        EXPECT_LT(std::abs(dst[k] - direct_sum(src, k, sign)), 1e-9) << length << " " << k;
      }
    }
  }
}

TEST(FourierTransform2d, of_one_wave_is_one_line_of_the_spectrum) {
  constexpr int width = 14;
  constexpr int height = 9;
  std::vector<Complex> wave;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      wave.push_back(std::polar(1.0, 2.0 * std::numbers::pi * (3.0 * x / width + 2.0 * y / height)));
    }
  }
  const std::vector<Complex> spectrum = FourierTransform2d(width, height).forward(wave);
  for (int v = 0; v < height; ++v) {
    for (int u = 0; u < width; ++u) {
      const double expected = u == 3 && v == 2 ? width * height : 0.0;
      EXPECT_LT(std::abs(spectrum[v * width + u] - expected), 1e-10) << u << " " << v;
    }
  }
}

TEST(FourierTransform2d, inverse_gives_the_picture_back) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 7}, {33, 20}, {64, 37}}) {
    const std::vector<Complex> picture = formula_samples(width * height);
    const FourierTransform2d transform(width, height);
    const std::vector<Complex> back = transform.inverse(transform.forward(picture));
    for (std::size_t i = 0; i < picture.size(); ++i) EXPECT_LT(std::abs(back[i] - picture[i]), 1e-12);
  }
}

}  // namespace
}  // namespace rdenoise

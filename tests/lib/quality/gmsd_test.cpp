// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/quality.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

TEST(Gmsd, of_one_dot_on_black_is_the_closed_form) {
  const Image a = test::flat_picture(ColorModel::gray, 20, 16, 0.F);
  Image b = a;
  const double dot = 0.5;
  for (const int y : {8, 9}) {
    for (const int x : {6, 7}) b.at(0, x, y) = static_cast<float>(dot);  // one pixel after reduction
  }
  // The operator sees the dot from its four sides (gradient dot/3) and its four corners (√2·dot/3).
  const double t = 170.0 / (255.0 * 255.0);
  const double side = t / (dot * dot / 9.0 + t);
  const double corner = t / (2.0 * dot * dot / 9.0 + t);
  const double count = 10 * 8;
  const double mean = (count - 8 + 4 * side + 4 * corner) / count;
  const double squares =
      (count - 8) * std::pow(1.0 - mean, 2) + 4 * std::pow(side - mean, 2) + 4 * std::pow(corner - mean, 2);
  EXPECT_NEAR(*gmsd(a, b), std::sqrt(squares / (count - 1)), 1e-12);
}

TEST(Gmsd, of_equal_pictures_is_zero_and_grows_with_the_disturbance) {
  const Image image = test::formula_rgb(65, 49);
  EXPECT_EQ(*gmsd(image, image), 0.0);
  double last = 0.0;
  for (const float amplitude : {0.02F, 0.1F, 0.3F}) {
    Image noisy = image;
    for (int y = 0; y < 49; ++y) {
      for (int x = 0; x < 65; ++x) {
        for (int c = 0; c < 3; ++c) noisy.at(c, x, y) += amplitude * std::sin(0.8F * x) * std::cos(0.6F * y);
      }
    }
    const double found = *gmsd(image, noisy);
    EXPECT_GT(found, last) << amplitude;
    last = found;
  }
}

TEST(Gmsd, needs_two_reduced_pixels_each_way) {
  EXPECT_FALSE(gmsd(test::formula_gray(3, 9), test::formula_gray(3, 9)).has_value());
  EXPECT_TRUE(gmsd(test::formula_gray(4, 4), test::formula_gray(4, 4)).has_value());
}

}  // namespace
}  // namespace rdenoise

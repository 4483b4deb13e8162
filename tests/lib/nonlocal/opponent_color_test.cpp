// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/opponent_color.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "noisy_pictures.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

TEST(OpponentColor, comes_back_and_gray_has_no_chroma) {
  const Image rgb = test::formula_rgb(31, 17);
  Image image = rgb;
  to_opponent(image);
  from_opponent(image);
  EXPECT_LT(test::max_abs_difference(rgb.samples(), image.samples()), 1e-6F);

  Image gray = test::flat_picture(ColorModel::rgb, 4, 4, 0.3F);
  to_opponent(gray);
  EXPECT_NEAR(gray.at(0, 1, 1), 0.3F, 1e-6F);
  EXPECT_NEAR(gray.at(1, 1, 1), 0.F, 1e-6F);
  EXPECT_NEAR(gray.at(2, 1, 1), 0.F, 1e-6F);
}

TEST(OpponentColor, noise_of_each_plane_is_as_stated) {
  Image noisy = test::with_noise(test::flat_picture(ColorModel::rgb, 200, 200, 0.5F), 25.5);
  to_opponent(noisy);
  for (int plane = 0; plane < 3; ++plane) {
    // 40 000 samples: the standard deviation is known to 1/√80000 = 0.35 %; 4 of these.
    const double sigma = std::sqrt(test::variance(noisy.plane(plane)));
    EXPECT_NEAR(sigma / (0.1 * opponent_sigma[plane]), 1.0, 0.015) << plane;
  }
}

}  // namespace
}  // namespace rdenoise

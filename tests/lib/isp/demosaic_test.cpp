// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <tuple>
#include <utility>

#include "plain_demosaic.hpp"

namespace rdenoise {
namespace {

constexpr std::array all_patterns{CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};
constexpr std::array all_methods{DemosaicMethod::bilinear, DemosaicMethod::malvar};

Image random_mosaic(int width_px, int height_px, CfaPattern cfa) {
  std::mt19937 generator(static_cast<unsigned>(width_px * 1000 + height_px));
  Image mosaic(ColorModel::bayer, width_px, height_px, cfa);
  for (float& sample : mosaic.samples()) sample = static_cast<float>(generator() >> 8) / static_cast<float>(1 << 24);
  return mosaic;
}

float largest_difference(const Image& a, const Image& b) {
  float largest = 0.F;
  for (std::size_t i = 0; i < a.samples().size(); ++i) {
    largest = std::max(largest, std::abs(a.samples()[i] - b.samples()[i]));
  }
  return largest;
}

class Demosaic : public testing::TestWithParam<std::tuple<CfaPattern, DemosaicMethod>> {
 protected:
  CfaPattern cfa() const { return std::get<0>(GetParam()); }
  DemosaicMethod method() const { return std::get<1>(GetParam()); }
  Image run(const Image& mosaic) const { return demosaic(mosaic.view(), method()); }
};

INSTANTIATE_TEST_SUITE_P(AllPhases, Demosaic,
                         testing::Combine(testing::ValuesIn(all_patterns), testing::ValuesIn(all_methods)),
                         [](const auto& info) {
                           return std::string(to_string(std::get<0>(info.param))) + "_" +
                                  std::string(to_string(std::get<1>(info.param)));
                         });

// At most 13 taps of at most 6/8, each rounded once in float: 13 · 6e-8 is below 1e-6.
constexpr float rounding = 1e-6F;

TEST_P(Demosaic, equals_the_plain_one_at_every_size_from_1x1) {
  for (int height_px = 1; height_px <= 7; ++height_px) {
    for (int width_px = 1; width_px <= 19; ++width_px) {
      const Image mosaic = random_mosaic(width_px, height_px, cfa());
      EXPECT_LT(largest_difference(run(mosaic), plain_demosaic(mosaic, method())), rounding)
          << width_px << "x" << height_px;
    }
  }
}

TEST_P(Demosaic, equals_the_plain_one_on_a_wide_odd_picture) {
  const Image mosaic = random_mosaic(317, 23, cfa());
  EXPECT_LT(largest_difference(run(mosaic), plain_demosaic(mosaic, method())), rounding);
}

TEST_P(Demosaic, constant_colours_come_back_up_to_the_border) {
  Image rgb(ColorModel::rgb, 13, 9);
  for (int c = 0; c < 3; ++c) std::ranges::fill(rgb.plane(c), 0.25F * static_cast<float>(c + 1));
  EXPECT_LT(largest_difference(run(mosaic_from_rgb(rgb, cfa())), rgb), rounding);
}

TEST_P(Demosaic, linear_ramps_come_back_inside) {
  // Each colour has a slope of its own: second differences vanish, so both methods are exact away from the mirror.
  Image rgb(ColorModel::rgb, 24, 18);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 18; ++y) {
      for (int x = 0; x < 24; ++x) rgb.at(c, x, y) = 0.1F + 0.01F * static_cast<float>((c + 1) * x + (3 - c) * y);
    }
  }
  const Image out = run(mosaic_from_rgb(rgb, cfa()));
  for (int c = 0; c < 3; ++c) {
    for (int y = 2; y < 16; ++y) {
      // Values up to 1: ten roundings of 6e-8.
      for (int x = 2; x < 22; ++x) ASSERT_NEAR(out.at(c, x, y), rgb.at(c, x, y), rounding) << c << " " << x << " " << y;
    }
  }
}

TEST_P(Demosaic, sites_keep_their_own_sample) {
  const Image mosaic = random_mosaic(31, 17, cfa());
  EXPECT_EQ(largest_difference(mosaic_from_rgb(run(mosaic), cfa()), mosaic), 0.F);
}

TEST_P(Demosaic, values_beyond_black_and_white_are_not_clipped) {
  Image rgb(ColorModel::rgb, 8, 8);
  std::ranges::fill(rgb.plane(0), -0.5F);
  std::ranges::fill(rgb.plane(1), -0.5F);
  std::ranges::fill(rgb.plane(2), 1.5F);
  EXPECT_LT(largest_difference(run(mosaic_from_rgb(rgb, cfa())), rgb), 2 * rounding);
}

TEST(Demosaic, refuses_what_is_no_mosaic) {
  const Image rgb(ColorModel::rgb, 4, 4);
  EXPECT_THROW((void)demosaic(rgb.view(), DemosaicMethod::malvar), Error);
  EXPECT_THROW((void)mosaic_from_rgb(Image(ColorModel::gray, 4, 4), CfaPattern::rggb), Error);
}

TEST(MirroredIndex, keeps_the_parity_of_the_distance) {
  for (int n = 2; n <= 6; ++n) {
    for (int i = -7; i < n + 7; ++i) {
      const int m = mirrored_index(i, n);
      EXPECT_TRUE(m >= 0 && m < n);
      EXPECT_EQ((m - i) % 2, 0) << i << " of " << n;
    }
  }
  EXPECT_EQ(mirrored_index(-2, 5), 2);
  EXPECT_EQ(mirrored_index(6, 5), 2);
  EXPECT_EQ(mirrored_index(-1, 1), 0);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "isp/row_demosaicer.hpp"
#include "plain_demosaic.hpp"

namespace rdenoise {
namespace {

constexpr std::array all_patterns{CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};

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

/// Kernels: at most 13 taps of at most 6/8, each rounded once in float: 13 · 6e-8 is below 1e-6. GBTF: windows of 25
/// gradients and then four means, about 60 roundings one after the other.
float rounding_of(DemosaicMethod method) { return method == DemosaicMethod::gbtf ? 4e-6F : 1e-6F; }

/// Pixels from the border that the mirror does not reach.
int reach_px(DemosaicMethod method) { return method == DemosaicMethod::gbtf ? 11 : 2; }

class Demosaic : public testing::TestWithParam<std::tuple<CfaPattern, DemosaicMethod>> {
 protected:
  CfaPattern cfa() const { return std::get<0>(GetParam()); }
  DemosaicMethod method() const { return std::get<1>(GetParam()); }
  float rounding() const { return rounding_of(method()); }
  Image run(const Image& mosaic) const { return demosaic(mosaic.view(), method()); }
};

INSTANTIATE_TEST_SUITE_P(AllPhases, Demosaic,
                         testing::Combine(testing::ValuesIn(all_patterns), testing::ValuesIn(demosaic_methods)),
                         [](const auto& info) {
                           return std::string(to_string(std::get<0>(info.param))) + "_" +
                                  std::string(to_string(std::get<1>(info.param)));
                         });

TEST_P(Demosaic, equals_the_plain_one_at_every_size_from_1x1) {
  for (int height_px = 1; height_px <= 7; ++height_px) {
    for (const int width_px : {1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 19}) {
      const Image mosaic = random_mosaic(width_px, height_px, cfa());
      // Mirrored lines of up to 3 samples are symmetric about every sample: GBTF's gradients along them vanish, and the
      // sum of 25 is rounding, 25 · 6e-8 against 1e-4, which weighs twice.
      const bool no_gradients = method() == DemosaicMethod::gbtf && std::min(width_px, height_px) <= 3;
      EXPECT_LT(largest_difference(run(mosaic), plain_demosaic(mosaic, method())), no_gradients ? 0.03F : rounding())
          << width_px << "x" << height_px;
    }
  }
}

TEST_P(Demosaic, equals_the_plain_one_on_a_wide_odd_picture) {
  const Image mosaic = random_mosaic(317, 23, cfa());
  EXPECT_LT(largest_difference(run(mosaic), plain_demosaic(mosaic, method())), rounding());
}

TEST_P(Demosaic, constant_colours_come_back_up_to_the_border) {
  Image rgb(ColorModel::rgb, 13, 9);
  for (int c = 0; c < 3; ++c) std::ranges::fill(rgb.plane(c), 0.25F * static_cast<float>(c + 1));
  EXPECT_LT(largest_difference(run(mosaic_from_rgb(rgb, cfa())), rgb), rounding());
}

TEST_P(Demosaic, linear_ramps_come_back_inside) {
  // Each colour has a slope of its own: second differences vanish, so all methods are exact away from the mirror.
  const int width_px = 2 * reach_px(method()) + 20;
  const int height_px = 2 * reach_px(method()) + 14;
  Image rgb(ColorModel::rgb, width_px, height_px);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x)
        rgb.at(c, x, y) = 0.1F + 0.003F * static_cast<float>((c + 1) * x + (3 - c) * y);
    }
  }
  const Image out = run(mosaic_from_rgb(rgb, cfa()));
  for (int c = 0; c < 3; ++c) {
    for (int y = reach_px(method()); y < height_px - reach_px(method()); ++y) {
      for (int x = reach_px(method()); x < width_px - reach_px(method()); ++x)
        ASSERT_NEAR(out.at(c, x, y), rgb.at(c, x, y), rounding()) << c << " " << x << " " << y;
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
  EXPECT_LT(largest_difference(run(mosaic_from_rgb(rgb, cfa())), rgb), 2 * rounding());
}

TEST_P(Demosaic, bands_and_threads_do_not_matter) {
  // Two bands a core and more: 7 · 96 rows.
  const Image mosaic = random_mosaic(37, 675, cfa());
  const Image alone = demosaic(mosaic.view(), method(), 1);
  for (const int n_threads : {2, 7, 0}) {
    EXPECT_EQ(largest_difference(demosaic(mosaic.view(), method(), n_threads), alone), 0.F) << n_threads;
  }
}

TEST_P(Demosaic, rows_in_any_order_are_the_same) {
  const Image mosaic = random_mosaic(29, 41, cfa());
  const auto downwards = make_row_demosaicer(mosaic.view(), method(), {});
  const auto upwards = make_row_demosaicer(mosaic.view(), method(), {});
  std::vector<std::vector<float>> rows(41);
  for (int y = 0; y < 41; ++y) {
    for (const auto& color : downwards->row(y)) rows[y].insert(rows[y].end(), color.begin(), color.end());
  }
  for (int y = 40; y >= 0; --y) {
    std::vector<float> again;
    for (const auto& color : upwards->row(y)) again.insert(again.end(), color.begin(), color.end());
    ASSERT_EQ(again, rows[y]) << y;
  }
}

TEST_P(Demosaic, turned_mosaics_give_turned_pictures) {
  // Even sizes, so that the phase turns by one along both axes.
  const Image mosaic = random_mosaic(36, 30, cfa());
  Image turned(ColorModel::bayer, 36, 30, shifted(cfa(), 1, 1));
  for (int y = 0; y < 30; ++y) {
    for (int x = 0; x < 36; ++x) turned.at(0, x, y) = mosaic.at(0, 35 - x, 29 - y);
  }
  const Image rgb = run(mosaic);
  const Image rgb_turned = run(turned);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 30; ++y) {
      for (int x = 0; x < 36; ++x) ASSERT_NEAR(rgb_turned.at(c, x, y), rgb.at(c, 35 - x, 29 - y), rounding());
    }
  }
}

TEST(DemosaicMethods, are_found_by_their_names) {
  for (const DemosaicMethod method : demosaic_methods) EXPECT_EQ(find_demosaic_method(to_string(method)), method);
  EXPECT_FALSE(find_demosaic_method("nearest"));
  EXPECT_FALSE(find_demosaic_method(""));
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

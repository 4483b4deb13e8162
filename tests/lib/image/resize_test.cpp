// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/resize.hpp>

#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"

namespace rdenoise {
namespace {

using test::formula_gray;
using test::formula_rgb;
using test::max_abs_difference;

constexpr ResizeFilter both[] = {ResizeFilter::area, ResizeFilter::bicubic};

/// Plain twin: the new sample at (x, y) as one double sum over the whole, mirrored plane.
double plain_sample(const Image& src, int plane, int width_px, int height_px, int x, int y, ResizeFilter filter) {
  const auto weight = [filter](int i, int from, int to, int place) {
    const double step = static_cast<double>(from) / to;
    if (filter == ResizeFilter::area) {
      return std::max(0.0, std::min(step * (place + 1), i + 1.0) - std::max(step * place, i + 0.0));
    }
    const double d = std::abs(i + 0.5 - step * (place + 0.5)) / std::max(step, 1.0);
    return d < 1 ? 1.5 * d * d * d - 2.5 * d * d + 1 : d < 2 ? -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2 : 0.0;
  };
  const auto folded = [](int i, int n) {
    while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
    return i;
  };
  double sum = 0.0;
  double weights = 0.0;
  for (int v = -2 * src.height_px(); v < 3 * src.height_px(); ++v) {
    const double row = weight(v, src.height_px(), height_px, y);
    for (int u = -2 * src.width_px(); row != 0.0 && u < 3 * src.width_px(); ++u) {
      const double w = row * weight(u, src.width_px(), width_px, x);
      sum += w * src.at(plane, folded(u, src.width_px()), folded(v, src.height_px()));
      weights += w;
    }
  }
  return sum / weights;
}

TEST(Resize, equals_the_plain_sum) {
  const Image src = formula_rgb(19, 14);
  for (const ResizeFilter filter : both) {
    for (const auto& [width, height] : {std::pair{19, 14}, {7, 5}, {30, 33}, {19, 4}, {8, 28}, {1, 1}}) {
      const Image dst = resize(src, width, height, filter);
      for (int c = 0; c < 3; ++c) {
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            // Some tens of terms below 1, each rounded to 6e-8.
            ASSERT_NEAR(dst.at(c, x, y), plain_sample(src, c, width, height, x, y, filter), 2e-6)
                << width << "x" << height << " at " << x << "," << y;
          }
        }
      }
    }
  }
}

TEST(Resize, to_the_same_size_changes_nothing) {
  const Image src = formula_rgb(33, 21);
  for (const ResizeFilter filter : both) {
    EXPECT_EQ(max_abs_difference(resize(src, 33, 21, filter).samples(), src.samples()), 0.F);
  }
}

TEST(Resize, a_flat_picture_stays_flat) {
  const Image src = test::flat_picture(ColorModel::gray, 23, 17, 0.37F);
  for (const ResizeFilter filter : both) {
    for (const auto& [width, height] : {std::pair{5, 4}, {23, 40}, {100, 3}, {1, 1}}) {
      const Image dst = resize(src, width, height, filter);
      for (const float sample : dst.samples()) ASSERT_NEAR(sample, 0.37F, 1e-6F);
    }
  }
}

TEST(Resize, area_by_a_whole_number_is_the_mean_of_the_block) {
  const Image src = formula_gray(24, 18);
  const Image dst = resize(src, 8, 6, ResizeFilter::area);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      float sum = 0.F;
      for (int i = 0; i < 9; ++i) sum += src.at(0, 3 * x + i % 3, 3 * y + i / 3);
      EXPECT_NEAR(dst.at(0, x, y), sum / 9.F, 1e-6F);
    }
  }
}

TEST(Resize, area_keeps_the_mean_of_the_picture) {
  const Image src = formula_gray(50, 40);
  EXPECT_NEAR(test::mean(resize(src, 17, 13, ResizeFilter::area).samples()), test::mean(src.samples()), 1e-6);
}

TEST(Resize, bicubic_keeps_a_ramp_away_from_the_edges) {
  Image ramp(ColorModel::gray, 40, 1);
  for (int x = 0; x < 40; ++x) ramp.at(0, x, 0) = 0.02F * (static_cast<float>(x) + 0.5F);
  // Keys' kernel reproduces polynomials to the second degree where it is not widened.
  const Image wide = resize(ramp, 100, 1, ResizeFilter::bicubic);
  for (int x = 8; x < 92; ++x) EXPECT_NEAR(wide.at(0, x, 0), 0.02F * 0.4F * (static_cast<float>(x) + 0.5F), 1e-6F);
}

TEST(Resize, a_reduction_does_not_alias) {
  // Period 2.2 pixels, far above what a third of the columns can carry.
  Image stripes(ColorModel::gray, 220, 4);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 220; ++x) {
      stripes.at(0, x, y) = 0.5F + 0.4F * std::sin(6.2831853F * static_cast<float>(x) / 2.2F);
    }
  }
  const Image reduced = resize(stripes, 73, 4, ResizeFilter::bicubic);
  for (int x = 4; x < 69; ++x) EXPECT_NEAR(reduced.at(0, x, 1), 0.5F, 0.03F);
}

TEST(Resize, the_number_of_threads_does_not_matter) {
  const Image src = formula_rgb(90, 300);
  const Image one = resize(src, 61, 333, ResizeFilter::bicubic, 1);
  const Image all = resize(src, 61, 333, ResizeFilter::bicubic, 0);
  EXPECT_TRUE(std::ranges::equal(one.samples(), all.samples()));
}

TEST(Resize, refuses_mosaics_empty_pictures_and_sizes_below_1) {
  EXPECT_THROW(static_cast<void>(resize(Image(ColorModel::bayer, 8, 8), 4, 4, ResizeFilter::area)), Error);
  EXPECT_THROW(static_cast<void>(resize(Image(), 4, 4, ResizeFilter::area)), Error);
  EXPECT_THROW(static_cast<void>(resize(formula_gray(8, 8), 0, 4, ResizeFilter::area)), Error);
  EXPECT_THROW(static_cast<void>(resize(formula_gray(8, 8), 4, -1, ResizeFilter::area)), Error);
}

}  // namespace
}  // namespace rdenoise

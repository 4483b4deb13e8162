// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/quality.hpp>

#include "quality/ssim_means.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

/// A wave on top, to have something to measure.
Image disturbed(Image image, float amplitude) {
  for (int c = 0; c < image.plane_count(); ++c) {
    for (int y = 0; y < image.height_px(); ++y) {
      for (int x = 0; x < image.width_px(); ++x) {
        image.at(c, x, y) += amplitude * std::sin(1.3F * x + 0.4F * c) * std::cos(0.9F * y);
      }
    }
  }
  return image;
}

/// The definition, word for word: for each window the weighted means, variances and covariance over its 11×11 pixels.
SsimMeans plain_ssim_means(const Image& a, const Image& b) {
  double window_sum = 0.0;
  const auto weight = [](int dx, int dy) { return std::exp(-(dx * dx + dy * dy) / (2.0 * 1.5 * 1.5)); };
  for (int dy = -5; dy <= 5; ++dy) {
    for (int dx = -5; dx <= 5; ++dx) window_sum += weight(dx, dy);
  }
  const double c1 = 1e-4;
  const double c2 = 9e-4;
  SsimMeans sums{};
  int windows = 0;
  for (int y = 5; y < a.height_px() - 5; ++y) {
    for (int x = 5; x < a.width_px() - 5; ++x, ++windows) {
      const auto weighted_mean = [&](auto value) {
        double sum = 0.0;
        for (int dy = -5; dy <= 5; ++dy) {
          for (int dx = -5; dx <= 5; ++dx) sum += weight(dx, dy) * value(x + dx, y + dy);
        }
        return sum / window_sum;
      };
      const double mean_a = weighted_mean([&](int u, int v) { return a.at(0, u, v); });
      const double mean_b = weighted_mean([&](int u, int v) { return b.at(0, u, v); });
      const double variance_a = weighted_mean([&](int u, int v) { return std::pow(a.at(0, u, v) - mean_a, 2); });
      const double variance_b = weighted_mean([&](int u, int v) { return std::pow(b.at(0, u, v) - mean_b, 2); });
      const double covariance =
          weighted_mean([&](int u, int v) { return (a.at(0, u, v) - mean_a) * (b.at(0, u, v) - mean_b); });
      const double luminance = (2 * mean_a * mean_b + c1) / (mean_a * mean_a + mean_b * mean_b + c1);
      const double contrast_structure = (2 * covariance + c2) / (variance_a + variance_b + c2);
      sums.ssim += luminance * contrast_structure;
      sums.contrast_structure += contrast_structure;
    }
  }
  return {sums.ssim / windows, sums.contrast_structure / windows};
}

TEST(Ssim, separable_window_equals_the_direct_sum) {
  for (const auto& [width_px, height_px] : {std::pair{11, 11}, {12, 29}, {40, 23}}) {
    const Image a = test::formula_gray(width_px, height_px);
    const Image b = disturbed(a, 0.1F);
    const SsimMeans plain = plain_ssim_means(a, b);
    const SsimMeans fast = ssim_means(plane_view(a, 0), plane_view(b, 0));
    // Variances are differences of sums near 1 in double, compared with c2 of 10^-3.
    EXPECT_NEAR(fast.ssim, plain.ssim, 1e-11);
    EXPECT_NEAR(fast.contrast_structure, plain.contrast_structure, 1e-11);
    EXPECT_NEAR(*ssim(a, b), plain.ssim, 1e-11);
  }
}

TEST(Ssim, weights_choose_among_the_windows) {
  const Image a = test::formula_gray(31, 45);
  const Image b = disturbed(a, 0.1F);
  const PlaneView view_a = plane_view(a, 0);
  const PlaneView view_b = plane_view(b, 0);
  const SsimMeans plain = ssim_means(view_a, view_b);
  std::vector<double> weights(21 * 35, 0.0);
  EXPECT_DOUBLE_EQ(ssim_means(view_a, view_b, weights).ssim, plain.ssim);  // none counts: all do
  weights.assign(weights.size(), 3.0);
  EXPECT_NEAR(ssim_means(view_a, view_b, weights).ssim, plain.ssim, 1e-14);
  weights.assign(weights.size(), 0.0);
  weights[7 * 21 + 4] = 0.5;
  Image window_a(ColorModel::gray, 11, 11);
  Image window_b(ColorModel::gray, 11, 11);
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 11; ++x) {
      window_a.at(0, x, y) = a.at(0, x + 4, y + 7);
      window_b.at(0, x, y) = b.at(0, x + 4, y + 7);
    }
  }
  const SsimMeans one = ssim_means(plane_view(window_a, 0), plane_view(window_b, 0));
  EXPECT_NEAR(ssim_means(view_a, view_b, weights).ssim, one.ssim, 1e-12);
  EXPECT_NEAR(ssim_means(view_a, view_b, weights).contrast_structure, one.contrast_structure, 1e-12);
}

TEST(Ssim, of_flat_pictures_is_the_luminance_term) {
  const Image a = test::flat_picture(ColorModel::gray, 30, 20, 0.25F);
  const Image b = test::flat_picture(ColorModel::gray, 30, 20, 0.75F);
  EXPECT_NEAR(*ssim(a, b), (2 * 0.25 * 0.75 + 1e-4) / (0.0625 + 0.5625 + 1e-4), 1e-12);
}

TEST(Ssim, of_equal_pictures_is_one) {
  const Image image = test::formula_rgb(57, 43);
  EXPECT_DOUBLE_EQ(*ssim(image, image), 1.0);
}

TEST(Ssim, of_inverted_contrast_is_negative) {
  Image a = test::flat_picture(ColorModel::gray, 32, 32, 0.5F);
  Image b = a;
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      const float wave = (x + y) % 2 == 0 ? 0.25F : -0.25F;
      a.at(0, x, y) += wave;
      b.at(0, x, y) -= wave;
    }
  }
  // The window's mean of the checkerboard is below 10^-8, so variance = −covariance = 1/16.
  EXPECT_NEAR(*ssim(a, b), (-2.0 / 16 + 9e-4) / (2.0 / 16 + 9e-4), 1e-6);
}

TEST(Ssim, of_rgb_is_the_mean_of_its_channels) {
  const Image a = test::formula_rgb(31, 27);
  const Image b = disturbed(a, 0.15F);
  double sum = 0.0;
  for (int c = 0; c < 3; ++c) sum += ssim_means(plane_view(a, c), plane_view(b, c)).ssim;
  EXPECT_DOUBLE_EQ(*ssim(a, b), sum / 3.0);
}

TEST(Ssim, needs_one_whole_window) {
  EXPECT_FALSE(ssim(test::formula_gray(10, 50), test::formula_gray(10, 50)).has_value());
  EXPECT_FALSE(ssim(test::formula_gray(50, 10), test::formula_gray(50, 10)).has_value());
  EXPECT_TRUE(ssim(test::formula_gray(11, 11), test::formula_gray(11, 11)).has_value());
}

TEST(MsSsim, of_flat_pictures_is_the_luminance_term_at_the_coarsest_scale) {
  const Image a = test::flat_picture(ColorModel::gray, 180, 190, 0.25F);
  const Image b = test::flat_picture(ColorModel::gray, 180, 190, 0.75F);
  EXPECT_NEAR(*ms_ssim(a, b), std::pow((2 * 0.25 * 0.75 + 1e-4) / (0.0625 + 0.5625 + 1e-4), 0.1333), 1e-9);
}

TEST(MsSsim, detail_of_one_pixel_counts_at_the_finest_scale_only) {
  const Image a = test::flat_picture(ColorModel::gray, 192, 176, 0.5F);
  Image b = a;
  for (int y = 0; y < 176; ++y) {
    for (int x = 0; x < 192; ++x) b.at(0, x, y) += (x + y) % 2 == 0 ? 0.0625F : -0.0625F;
  }
  const double variance = 0.0625 * 0.0625;
  EXPECT_NEAR(*ms_ssim(a, b), std::pow(9e-4 / (variance + 9e-4), 0.0448), 1e-6);
}

TEST(MsSsim, of_equal_pictures_is_one_and_falls_with_the_disturbance) {
  const Image image = test::formula_rgb(201, 187);
  EXPECT_NEAR(*ms_ssim(image, image), 1.0, 1e-12);
  double last = 1.0;
  for (const float amplitude : {0.02F, 0.1F, 0.4F}) {
    const double found = *ms_ssim(image, disturbed(image, amplitude));
    EXPECT_LT(found, last) << amplitude;
    last = found;
  }
}

TEST(MsSsim, of_pictures_that_contradict_each_other_is_zero) {
  Image a = test::formula_gray(176, 176);
  Image b = a;
  for (float& sample : b.samples()) sample = 1.F - sample;
  EXPECT_EQ(*ms_ssim(a, b), 0.0);
}

TEST(MsSsim, needs_eleven_pixels_at_the_coarsest_scale) {
  EXPECT_FALSE(ms_ssim(test::formula_gray(175, 300), test::formula_gray(175, 300)).has_value());
  EXPECT_TRUE(ms_ssim(test::formula_gray(176, 176), test::formula_gray(176, 176)).has_value());
}

TEST(Halved, means_of_blocks_with_the_border_repeated_or_zero) {
  const std::vector<float> samples = {0, 1, 2, 3, 4, 5, 6, 7, 8};  // 3×3
  const PlaneView src{samples, 3, 3};
  EXPECT_EQ(halved(src, BeyondBorder::repeated).samples, (std::vector<float>{2.F, 3.5F, 6.5F, 8.F}));
  EXPECT_EQ(halved(src, BeyondBorder::zero).samples, (std::vector<float>{2.F, 1.75F, 3.25F, 2.F}));
}

TEST(Luma, of_gray_rgb_is_the_gray) {
  const Plane plane = luma(test::flat_picture(ColorModel::rgb, 3, 2, 0.6F));
  for (const float sample : plane.samples) EXPECT_FLOAT_EQ(sample, 0.6F);
  Image green = test::flat_picture(ColorModel::rgb, 1, 1, 0.F);
  green.at(1, 0, 0) = 1.F;
  EXPECT_FLOAT_EQ(luma(green).samples[0], 0.587F);
}

}  // namespace
}  // namespace rdenoise

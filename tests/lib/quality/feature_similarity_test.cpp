// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <rdenoise/quality.hpp>

#include "disturbed_pictures.hpp"
#include "quality/plane.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

using test::in_8bit_steps;
using test::with_wave;

Image shifted(Image image, const std::array<float, 3>& shift) {
  for (int c = 0; c < 3; ++c) {
    for (float& sample : image.plane(c)) sample += shift[c];
  }
  return image;
}

Image gray_as_rgb(int width_px, int height_px) {
  const Image gray = test::formula_gray(width_px, height_px);
  Image rgb(ColorModel::rgb, width_px, height_px);
  for (int c = 0; c < 3; ++c) std::ranges::copy(gray.samples(), rgb.plane(c).begin());
  return rgb;
}

TEST(FeatureSimilarity, of_equal_pictures_is_one) {
  for (const Image& image : {test::formula_rgb(57, 43), test::flat_picture(ColorModel::gray, 20, 20, 0.5F)}) {
    const auto found = feature_similarity(image, image);
    EXPECT_NEAR(found->fsim, 1.0, 1e-12);
    EXPECT_NEAR(found->fsimc, 1.0, 1e-12);
  }
}

TEST(FeatureSimilarity, of_gray_has_no_chroma_to_count) {
  const Image a = test::formula_gray(60, 50);
  const auto found = feature_similarity(a, with_wave(a, 0.1F));
  EXPECT_EQ(found->fsim, found->fsimc);
  EXPECT_LT(found->fsim, 1.0);
}

TEST(FeatureSimilarity, of_a_chroma_shift_alone_is_the_closed_form) {
  const Image a = gray_as_rgb(64, 48);
  // 0.299·0.2 + 0.587·(−0.0625) + 0.114·d = 0.
  const float blue = (0.587F * 0.0625F - 0.299F * 0.2F) / 0.114F;
  const std::array<float, 3> shift = {0.2F, -0.0625F, blue};
  const auto found = feature_similarity(a, shifted(a, shift));
  const double i = 0.596 * shift[0] - 0.274 * shift[1] - 0.322 * shift[2];
  const double q = 0.211 * shift[0] - 0.523 * shift[1] + 0.312 * shift[2];
  const double t = 200.0 / (255.0 * 255.0);
  // Luma is a float: 10⁻⁷ of it, against gradients of 10⁻².
  EXPECT_NEAR(found->fsim, 1.0, 1e-6);
  EXPECT_NEAR(found->fsimc, std::pow(t / (i * i + t) * t / (q * q + t), 0.03), 1e-6);
}

TEST(FeatureSimilarity, of_opposite_hues_counts_the_real_part) {
  const Image gray = gray_as_rgb(64, 48);
  // Along I of YIQ, Q nearly 0.
  const std::array<float, 3> orange = {0.0956F, -0.0272F, -0.1106F};
  const Image a = shifted(gray, orange);
  const Image b = shifted(gray, {-orange[0], -orange[1], -orange[2]});
  const double i = 0.596 * orange[0] - 0.274 * orange[1] - 0.322 * orange[2];
  const double q = 0.211 * orange[0] - 0.523 * orange[1] + 0.312 * orange[2];
  const double t = 200.0 / (255.0 * 255.0);
  const double product = (t - 2 * i * i) / (2 * i * i + t) * (t - 2 * q * q) / (2 * q * q + t);
  ASSERT_LT(product, 0.0);
  const auto found = feature_similarity(a, b);
  EXPECT_NEAR(found->fsimc / found->fsim, std::pow(-product, 0.03) * std::cos(0.03 * std::numbers::pi), 1e-6);
}

TEST(FeatureSimilarity, falls_with_the_disturbance) {
  const Image image = test::formula_rgb(90, 75);
  FeatureSimilarity last{1.0, 1.0};
  for (const float amplitude : {0.02F, 0.1F, 0.4F}) {
    const auto found = feature_similarity(image, with_wave(image, amplitude));
    EXPECT_LT(found->fsim, last.fsim) << amplitude;
    EXPECT_LT(found->fsimc, last.fsimc) << amplitude;
    EXPECT_LE(found->fsimc, found->fsim) << amplitude;
    last = *found;
  }
}

TEST(FeatureSimilarity, equals_the_authors_definition_in_another_language) {
  // Computed with GNU Octave from the authors' formulas on the same 8-bit pictures.
  struct Case {
    int width_px;
    int height_px;
    double fsim;
    double fsimc;
  };
  for (const Case& expected : {Case{180, 177, 0.7975576, 0.7972924}, Case{390, 385, 0.9825065, 0.9823326}}) {
    const Image a = in_8bit_steps(test::formula_rgb(expected.width_px, expected.height_px));
    const Image b = in_8bit_steps(with_wave(a, 0.04F));
    const auto found = feature_similarity(a, b);
    // Seven digits were printed; luma is a float.
    EXPECT_NEAR(found->fsim, expected.fsim, 1e-6) << expected.width_px;
    EXPECT_NEAR(found->fsimc, expected.fsimc, 1e-6) << expected.width_px;
  }
}

TEST(FeatureSimilarity, needs_two_waves_of_the_finest_filter) {
  EXPECT_FALSE(feature_similarity(test::formula_gray(11, 40), test::formula_gray(11, 40)).has_value());
  EXPECT_TRUE(feature_similarity(test::formula_gray(12, 12), test::formula_gray(12, 12)).has_value());
}

TEST(Reduced, by_2_is_halved_with_zeros_and_by_3_is_centred) {
  const Image image = test::formula_gray(9, 7);
  const PlaneView src = plane_view(image, 0);
  const Plane by_two = reduced(src, 2);
  const Plane halves = halved(src, BeyondBorder::zero);
  ASSERT_EQ(by_two.samples.size(), halves.samples.size());
  for (std::size_t i = 0; i < halves.samples.size(); ++i) EXPECT_FLOAT_EQ(by_two.samples[i], halves.samples[i]);
  EXPECT_EQ(reduced(src, 1).samples, std::vector<float>(image.samples().begin(), image.samples().end()));

  const std::vector<float> ones(5 * 4, 9.F);
  // Centres at 0 and 3: the first window hangs over by one, the second in y too (rows 2 and 3 of 4).
  EXPECT_EQ(reduced(PlaneView{ones, 5, 4}, 3).samples, (std::vector<float>{4.F, 6.F, 4.F, 6.F}));
}

}  // namespace
}  // namespace rdenoise

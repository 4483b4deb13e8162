// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/quality.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

Image shifted_by(Image image, float offset) {
  for (float& sample : image.samples()) sample += offset;
  return image;
}

TEST(ErrorMeasures, constant_offset_gives_the_closed_forms) {
  const Image reference = test::flat_picture(ColorModel::gray, 17, 9, 0.25F);
  const Image test = test::flat_picture(ColorModel::gray, 17, 9, 0.375F);  // an eighth, exact in binary
  EXPECT_DOUBLE_EQ(l1(reference, test), 0.125);
  EXPECT_DOUBLE_EQ(l2(reference, test), 0.015625);
  EXPECT_DOUBLE_EQ(psnr_db(reference, test), 20.0 * std::log10(8.0));
}

TEST(ErrorMeasures, one_step_of_eight_bits_is_48_13_db) {
  const Image reference = test::formula_rgb(40, 30);
  EXPECT_NEAR(psnr_db(reference, shifted_by(reference, 1.F / 255.F)), 48.1308, 1e-3);
}

TEST(ErrorMeasures, one_wrong_channel_of_three_counts_a_third) {
  const Image reference = test::flat_picture(ColorModel::rgb, 8, 8, 0.F);
  Image test = reference;
  for (float& sample : test.plane(1)) sample = 0.5F;
  EXPECT_DOUBLE_EQ(l1(reference, test), 0.5 / 3.0);
  EXPECT_DOUBLE_EQ(l2(reference, test), 0.25 / 3.0);
}

TEST(ErrorMeasures, equal_pictures_have_no_error_and_infinite_psnr) {
  const Image image = test::formula_rgb(33, 21);
  EXPECT_EQ(l1(image, image), 0.0);
  EXPECT_EQ(l2(image, image), 0.0);
  EXPECT_EQ(psnr_db(image, image), std::numeric_limits<double>::infinity());
}

TEST(ErrorMeasures, values_outside_0_to_1_are_not_clipped) {
  const Image reference = test::flat_picture(ColorModel::gray, 4, 4, 1.F);
  const Image test = test::flat_picture(ColorModel::gray, 4, 4, 1.5F);
  EXPECT_DOUBLE_EQ(l2(reference, test), 0.25);
}

TEST(QualityMeasures, do_not_care_which_picture_is_the_reference) {
  const Image a = test::formula_rgb(181, 177);
  Image b = a;
  for (int y = 0; y < 177; ++y) {
    for (int x = 0; x < 181; ++x) b.at(1, x, y) += 0.1F * std::sin(0.7F * x) * std::cos(1.1F * y);
  }
  // Sums of 10^5 doubles.
  EXPECT_NEAR(psnr_db(a, b), psnr_db(b, a), 1e-9);
  EXPECT_NEAR(*ssim(a, b), *ssim(b, a), 1e-9);
  EXPECT_NEAR(*ms_ssim(a, b), *ms_ssim(b, a), 1e-9);
  EXPECT_NEAR(*gmsd(a, b), *gmsd(b, a), 1e-9);
  const auto there = feature_similarity(a, b);
  const auto back = feature_similarity(b, a);
  EXPECT_NEAR(there->fsim, back->fsim, 1e-9);
  EXPECT_NEAR(there->fsimc, back->fsimc, 1e-9);
  EXPECT_LT(*ssim(a, b), 0.99);
}

TEST(QualityMeasures, of_a_picture_that_is_no_number_somewhere_are_no_number) {
  const Image a = test::formula_rgb(200, 180);
  Image b = a;
  b.at(1, 70, 90) = std::numeric_limits<float>::quiet_NaN();
  using Pair = std::pair<const Image*, const Image*>;
  for (const auto& [reference, test] : {Pair{&a, &b}, Pair{&b, &a}}) {
    EXPECT_TRUE(std::isnan(*ssim(*reference, *test)));
    EXPECT_TRUE(std::isnan(*ms_ssim(*reference, *test)));
    EXPECT_TRUE(std::isnan(*iw_ssim(*reference, *test)));
    EXPECT_TRUE(std::isnan(*gmsd(*reference, *test)));
    EXPECT_TRUE(std::isnan(feature_similarity(*reference, *test)->fsim));
    EXPECT_TRUE(std::isnan(feature_similarity(*reference, *test)->fsimc));
  }
}

TEST(QualityMeasures, refuse_pictures_of_different_shape) {
  const Image gray = test::formula_gray(20, 20);
  const std::vector<std::function<void(const Image&, const Image&)>> measures = {
      [](const Image& a, const Image& b) { static_cast<void>(psnr_db(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(l1(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(l2(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(ssim(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(ms_ssim(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(gmsd(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(iw_ssim(a, b)); },
      [](const Image& a, const Image& b) { static_cast<void>(feature_similarity(a, b)); }};
  for (const auto& measure : measures) {
    for (const Image& other : {test::formula_gray(21, 20), test::formula_gray(20, 19), test::formula_rgb(20, 20),
                               test::formula_bayer(20, 20, CfaPattern::rggb), Image()}) {
      try {
        measure(gray, other);
        ADD_FAILURE() << "was compared";
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      }
    }
    EXPECT_THROW(measure(Image(), Image()), Error);
  }
}

TEST(QualityMeasures, refuse_mosaics_of_different_pattern) {
  const Image a = test::formula_bayer(20, 20, CfaPattern::rggb);
  const Image b = test::formula_bayer(20, 20, CfaPattern::bggr);
  EXPECT_THROW(static_cast<void>(psnr_db(a, b)), Error);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/quality.hpp>

#include "disturbed_pictures.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

using test::in_8bit_steps;
using test::with_wave;

TEST(IwSsim, of_equal_pictures_is_one_and_falls_with_the_disturbance) {
  const Image image = test::formula_rgb(201, 187);
  EXPECT_NEAR(*iw_ssim(image, image), 1.0, 1e-12);
  double last = 1.0;
  for (const float amplitude : {0.02F, 0.1F, 0.4F}) {
    const double found = *iw_ssim(image, with_wave(image, amplitude));
    EXPECT_LT(found, last) << amplitude;
    last = found;
  }
}

TEST(IwSsim, of_flat_pictures_is_the_luminance_term_at_the_coarsest_scale) {
  const Image a = test::flat_picture(ColorModel::gray, 180, 190, 0.25F);
  const Image b = test::flat_picture(ColorModel::gray, 180, 190, 0.75F);
  // Four reductions by a filter of sum 2: signals of 4 and 12.
  EXPECT_NEAR(*iw_ssim(a, b), std::pow((2.0 * 4 * 12 + 1e-4) / (16.0 + 144.0 + 1e-4), 0.1333 / 1.0001), 1e-9);
}

TEST(IwSsim, of_a_flat_and_a_structured_picture_is_a_number) {
  const Image flat = test::flat_picture(ColorModel::gray, 180, 180, 0.5F);
  const Image wave = with_wave(flat, 0.2F);
  for (const double found : {*iw_ssim(flat, wave), *iw_ssim(wave, flat)}) {
    EXPECT_GE(found, 0.0);
    EXPECT_LT(found, 1.0);
  }
}

TEST(IwSsim, equals_the_authors_definition_in_another_language) {
  // Computed with GNU Octave from the authors' formulas on the same 8-bit pictures.
  struct Case {
    int width_px;
    int height_px;
    double iw_ssim;
  };
  for (const Case& expected : {Case{180, 177, 0.9768816}, Case{390, 385, 0.9788622}}) {
    const Image a = in_8bit_steps(test::formula_rgb(expected.width_px, expected.height_px));
    const Image b = in_8bit_steps(with_wave(a, 0.04F));
    // Seven digits were printed; luma is a float.
    EXPECT_NEAR(*iw_ssim(a, b), expected.iw_ssim, 1e-6) << expected.width_px;
  }
}

TEST(IwSsim, needs_eleven_pixels_at_the_coarsest_scale) {
  EXPECT_FALSE(iw_ssim(test::formula_gray(175, 300), test::formula_gray(175, 300)).has_value());
  EXPECT_TRUE(iw_ssim(test::formula_gray(176, 176), test::formula_gray(176, 176)).has_value());
}

}  // namespace
}  // namespace rdenoise

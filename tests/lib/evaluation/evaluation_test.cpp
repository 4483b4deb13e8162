// SPDX-License-Identifier: LGPL-2.1-or-later
// Listing and reading are tested through rdn eval; here what the two programs that measure must agree on.
#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/quality.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

TEST(with_white_noise, is_the_librarys_noise_in_the_stream_of_the_pictures_place) {
  const Image clean = test::formula_rgb(40, 30);
  Image expected = clean;
  add_noise(clean.view(), expected.view(), uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25.0)),
            {.seed = 3, .stream = 7});
  const auto equals = [&](const ModelPicture& noisy) {
    return std::ranges::equal(std::get<Image>(noisy).samples(), expected.samples());
  };
  EXPECT_TRUE(equals(with_white_noise(clean, 25.0, 3, 7)));
  EXPECT_FALSE(equals(with_white_noise(clean, 25.0, 3, 8)));
  EXPECT_FALSE(equals(with_white_noise(clean, 25.0, 4, 7)));
}

TEST(score_picture, clips_the_result_but_not_the_noisy_picture) {
  const Image clean = test::formula_gray(40, 30);
  const Image noisy = std::get<Image>(with_white_noise(clean, 120.0, 1, 0));
  ModelPicture scored = noisy;
  const PictureScore score = score_picture(clean, noisy, scored);
  const Image& result = std::get<Image>(scored);
  EXPECT_EQ(score.psnr_noisy_db, psnr_db(clean, noisy));
  EXPECT_EQ(score.psnr_db, psnr_db(clean, result));
  EXPECT_GT(score.psnr_db, score.psnr_noisy_db) << "clipping brings it nearer";
  EXPECT_GE(*std::ranges::min_element(result.samples()), 0.F);
  EXPECT_LE(*std::ranges::max_element(result.samples()), 1.F);
  EXPECT_EQ(score.ssim, ssim(clean, result));
  EXPECT_EQ(score.psnr_yuv_db, std::nullopt);
  ModelPicture smaller = test::formula_gray(39, 30);
  EXPECT_THROW((void)score_picture(clean, noisy, smaller), Error);
}

}  // namespace
}  // namespace rdenoise

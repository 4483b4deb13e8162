// SPDX-License-Identifier: LGPL-2.1-or-later
#include "domains/domain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/yuv420.hpp>

#include "support/formula_pictures.hpp"

namespace rdenoise::training {
namespace {

TEST(domain, every_kind_of_input_has_one) {
  for (const InputDomain input : input_domains) EXPECT_EQ(find_domain(input).input, input);
}

TEST(domain, a_mosaic_is_the_librarys_unprocessed_picture_in_phase_rggb) {
  CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(3, 4);
  const Image picture = test::formula_rgb(32, 32);
  const Image mosaic = bayer_domain.to_signal(picture, camera);
  camera.cfa = CfaPattern::rggb;
  const Image expected = unprocess(picture, camera, 1);
  ASSERT_EQ(mosaic.color_model(), ColorModel::bayer);
  EXPECT_EQ(mosaic.cfa(), CfaPattern::rggb);
  for (std::size_t i = 0; i < mosaic.samples().size(); ++i)
    ASSERT_NEAR(mosaic.samples()[i], expected.samples()[i], 1e-6F);
}

TEST(domain, planes_of_yuv420_are_the_librarys_one_below_the_other) {
  const Image picture = test::formula_rgb(32, 32);
  const Image planes = yuv420_domain.to_signal(picture, {});
  EXPECT_EQ(planes.color_model(), ColorModel::gray);
  EXPECT_EQ(planes.width_px(), 16);
  EXPECT_EQ(planes.height_px(), 6 * 16);
  const std::vector<float> expected = yuv420_planes(yuv420_from_rgb(picture));
  EXPECT_TRUE(std::ranges::equal(planes.samples(), expected));
}

}  // namespace
}  // namespace rdenoise::training

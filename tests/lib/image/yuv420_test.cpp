// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/error.hpp>
#include <rdenoise/yuv420.hpp>

namespace rdenoise {
namespace {

/// One colour everywhere.
Image flat(int width_px, int height_px, float r, float g, float b) {
  Image image(ColorModel::rgb, width_px, height_px);
  const float color[] = {r, g, b};
  for (int c = 0; c < 3; ++c) std::ranges::fill(image.plane(c), color[c]);
  return image;
}

// Sums of three products in float.
constexpr float rounding = 2e-7F;

TEST(Yuv420, gray_has_neutral_chroma_and_itself_as_luma) {
  const Yuv420Picture yuv = yuv420_from_rgb(flat(5, 3, 0.3F, 0.3F, 0.3F));
  for (const float sample : yuv.planes[0].samples()) EXPECT_NEAR(sample, 0.3F, rounding);
  for (int c = 1; c < 3; ++c)
    for (const float sample : yuv.planes[c].samples()) EXPECT_NEAR(sample, 0.5F, rounding);
}

TEST(Yuv420, the_primaries_have_the_luma_of_bt_709_and_reach_the_ends_of_their_chroma) {
  const Yuv420Picture red = yuv420_from_rgb(flat(2, 2, 1, 0, 0));
  EXPECT_NEAR(red.planes[0].at(0, 1, 1), 0.2126F, rounding);
  EXPECT_NEAR(red.planes[2].at(0, 0, 0), 1.0F, rounding);
  const Yuv420Picture blue = yuv420_from_rgb(flat(2, 2, 0, 0, 1));
  EXPECT_NEAR(blue.planes[0].at(0, 1, 1), 0.0722F, rounding);
  EXPECT_NEAR(blue.planes[1].at(0, 0, 0), 1.0F, rounding);
  const Yuv420Picture yellow = yuv420_from_rgb(flat(2, 2, 1, 1, 0));
  EXPECT_NEAR(yellow.planes[1].at(0, 0, 0), 0.0F, rounding);
}

TEST(Yuv420, chroma_is_the_mean_of_the_pixels_of_its_cell) {
  Image rgb = flat(3, 3, 0, 0, 0);
  rgb.at(2, 1, 0) = 1.F;  // one of four pixels is blue
  rgb.at(2, 2, 1) = 1.F;  // one of the two at the right border
  rgb.at(2, 2, 2) = 1.F;  // the one in the corner
  const Yuv420Picture yuv = yuv420_from_rgb(rgb);
  ASSERT_EQ(yuv.planes[1].width_px(), 2);
  ASSERT_EQ(yuv.planes[1].height_px(), 2);
  EXPECT_NEAR(yuv.planes[1].at(0, 0, 0), 0.5F + 0.5F / 4, rounding);
  EXPECT_NEAR(yuv.planes[1].at(0, 1, 0), 0.5F + 0.5F / 2, rounding);
  EXPECT_NEAR(yuv.planes[1].at(0, 0, 1), 0.5F, rounding);
  EXPECT_NEAR(yuv.planes[1].at(0, 1, 1), 1.0F, rounding);
}

TEST(Yuv420, the_view_is_a_yuv_frame_over_the_planes) {
  Yuv420Picture yuv(5, 4);
  const FrameView frame = yuv.view();
  EXPECT_EQ(frame.color_model, ColorModel::yuv);
  EXPECT_EQ(frame.channel_count, 3);
  EXPECT_EQ(frame.width_px, 5);
  EXPECT_EQ(frame.channels[2].width_px, 3);
  EXPECT_EQ(frame.channels[2].height_px, 2);
  const float sample = 0.25F;
  write_row(frame.channels[1], 1, 2, {&sample, 1});
  EXPECT_EQ(yuv.planes[1].at(0, 2, 1), 0.25F);
}

TEST(Yuv420, planes_are_the_phases_of_luma_row_by_row_then_chroma) {
  Yuv420Picture yuv(3, 3);
  for (int i = 0; i < 9; ++i) yuv.planes[0].samples()[i] = static_cast<float>(i);
  for (int i = 0; i < 4; ++i) yuv.planes[1].samples()[i] = static_cast<float>(10 + i);
  for (int i = 0; i < 4; ++i) yuv.planes[2].samples()[i] = static_cast<float>(20 + i);
  EXPECT_EQ(yuv420_planes(yuv), (std::vector<float>{0,  2,  6,  8,   // even columns of even rows
                                                    1,  2,  7,  8,   // odd columns: there is no fourth
                                                    3,  5,  6,  8,   // odd rows: there is no fourth
                                                    4,  5,  7,  8,   //
                                                    10, 11, 12, 13,  //
                                                    20, 21, 22, 23}));
}

TEST(Yuv420, other_pictures_than_rgb_are_refused) {
  EXPECT_THROW((void)yuv420_from_rgb(Image(ColorModel::gray, 2, 2)), Error);
  EXPECT_THROW(Yuv420Picture(0, 2), Error);
}

}  // namespace
}  // namespace rdenoise

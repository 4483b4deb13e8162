// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/image.hpp>
#include <utility>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

TEST(Image, planes_lie_one_after_the_other) {
  Image image(ColorModel::rgb, 4, 3);
  EXPECT_EQ(image.samples().size(), 36U);
  image.at(2, 3, 1) = 0.5F;
  EXPECT_EQ(image.plane(2)[1 * 4 + 3], 0.5F);
  EXPECT_EQ(std::as_const(image).samples()[2 * 12 + 7], 0.5F);
}

TEST(Image, refuses_empty_sizes_and_yuv) {
  const auto code_of = [](ColorModel model, int width_px, int height_px) {
    try {
      Image(model, width_px, height_px);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of(ColorModel::gray, 0, 5), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(ColorModel::rgb, 5, -1), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(ColorModel::yuv, 4, 4), ErrorCode::invalid_argument);
}

TEST(Image, view_of_rgb_reads_each_plane) {
  const Image image = test::formula_rgb(13, 7);
  const ConstFrameView view = image.view();
  ASSERT_EQ(view.channel_count, 3);
  std::vector<float> row(13);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 7; ++y) {
      read_row(view.channels[c], y, 0, row);
      for (int x = 0; x < 13; ++x) EXPECT_EQ(row[x], image.at(c, x, y));
    }
  }
}

TEST(Image, view_of_bayer_writes_the_four_sites_of_odd_mosaics) {
  for (const CfaPattern cfa : {CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr}) {
    for (const auto& [width_px, height_px] : {std::pair{7, 5}, {1, 1}, {8, 1}, {1, 4}}) {
      Image image(ColorModel::bayer, width_px, height_px, cfa);
      const FrameView view = image.view();
      ASSERT_EQ(view.channel_count, 4);
      EXPECT_EQ(view.cfa, cfa);
      for (int site = 0; site < 4; ++site) {
        const ChannelView& channel = view.channels[site];
        const std::vector<float> row(channel.width_px, static_cast<float>(site + 1));
        for (int y = 0; y < channel.height_px; ++y) write_row(channel, y, 0, row);
      }
      for (int y = 0; y < height_px; ++y) {
        for (int x = 0; x < width_px; ++x) EXPECT_EQ(image.at(0, x, y), static_cast<float>(2 * (y % 2) + x % 2 + 1));
      }
    }
  }
}

}  // namespace
}  // namespace rdenoise

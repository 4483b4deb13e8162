// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <utility>

#include "sample_frame.hpp"

namespace rdenoise {
namespace {

TEST(RawFrame, view_shows_each_site_with_its_level) {
  // Odd sizes: the sites differ in size.
  RawFrame frame = sample_frame(5, 3, CfaPattern::gbrg, 12);
  const ConstFrameView view = std::as_const(frame).view();
  EXPECT_EQ(view.color_model, ColorModel::bayer);
  EXPECT_EQ(view.cfa, CfaPattern::gbrg);
  ASSERT_EQ(view.channel_count, 4);
  for (int site = 0; site < 4; ++site) {
    const ConstChannelView& channel = view.channels[site];
    const int x0 = site % 2;
    const int y0 = site / 2;
    EXPECT_EQ(channel.width_px, x0 == 0 ? 3 : 2);
    EXPECT_EQ(channel.height_px, y0 == 0 ? 2 : 1);
    EXPECT_EQ(channel.levels, (Levels{frame.metadata.black_level_dn[site], 4095.F}));
    EXPECT_EQ(channel.sample, (SampleFormat{SampleType::u16, 12, 0}));
    for (int y = 0; y < channel.height_px; ++y) {
      for (int x = 0; x < channel.width_px; ++x) {
        const auto* sample = channel.data + y * channel.row_stride_bytes + x * channel.pixel_stride_bytes;
        EXPECT_EQ(*reinterpret_cast<const std::uint16_t*>(sample), frame.mosaic[(2 * y + y0) * 5 + 2 * x + x0]);
      }
    }
  }
  EXPECT_EQ(frame.view().channels[3].data, view.channels[3].data);
}

}  // namespace
}  // namespace rdenoise

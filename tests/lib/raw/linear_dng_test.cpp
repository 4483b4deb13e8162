// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <libraw/libraw.h>

#include <memory>
#include <rdenoise/error.hpp>

#include "sample_frame.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr int width_px = 70;
constexpr int height_px = 50;

/// Beyond black and white on both sides.
Image ramp() {
  Image image(ColorModel::rgb, width_px, height_px);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) {
        image.at(c, x, y) = -0.01F + 1.05F * static_cast<float>(x + c) / width_px + 0.001F * static_cast<float>(y);
      }
    }
  }
  return image;
}

class LinearDng : public testing::TestWithParam<DngCompression> {};

INSTANTIATE_TEST_SUITE_P(Compressions, LinearDng, testing::Values(DngCompression::none, DngCompression::lossless_jpeg),
                         [](const auto& info) { return info.param == DngCompression::none ? "none" : "lossless"; });

TEST_P(LinearDng, libraw_reads_the_signal_from_black_to_white) {
  const test::TemporaryFolder folder;
  const Image image = ramp();
  RawMetadata metadata = sample_frame(22, 22, CfaPattern::rggb, 12).metadata;
  write_linear_dng(folder / "linear.dng", image, metadata, {.compression = GetParam()});

  const auto libraw = std::make_unique<LibRaw>();
  ASSERT_EQ(libraw->open_file((folder / "linear.dng").c_str()), LIBRAW_SUCCESS);
  ASSERT_EQ(libraw->unpack(), LIBRAW_SUCCESS);
  const libraw_data_t& data = libraw->imgdata;
  ASSERT_EQ(data.sizes.width, width_px);
  ASSERT_EQ(data.sizes.height, height_px);
  EXPECT_EQ(data.idata.filters, 0U);
  EXPECT_STREQ(data.idata.model, "Model 1");
  const unsigned black = data.color.black + data.color.cblack[0] + data.color.cblack[6];
  EXPECT_EQ(black, 0U);
  EXPECT_EQ(data.color.maximum, 65535U);
  ASSERT_NE(data.rawdata.color4_image, nullptr);
  const std::size_t pitch_px = data.sizes.raw_pitch / sizeof data.rawdata.color4_image[0];
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) {
        const float dn = data.rawdata.color4_image[y * pitch_px + x][c];
        const float signal = dn / 65535.F;
        // Rounded to half a step; clipped beyond.
        EXPECT_NEAR(signal, std::clamp(image.at(c, x, y), 0.F, 1.F), 0.51F / 65535.F);
      }
    }
  }
}

TEST(LinearDngInput, a_mosaic_is_refused) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(write_linear_dng(folder / "a.dng", Image(ColorModel::bayer, 32, 32), {}), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace rdenoise

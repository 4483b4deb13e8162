// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <tuple>

#include "sample_frame.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

RawFrame round_trip(const RawFrame& frame) {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", frame);
  return read_raw_file(folder / "frame.dng");
}

class DngRoundTrip : public testing::TestWithParam<std::tuple<CfaPattern, int>> {};

INSTANTIATE_TEST_SUITE_P(AllPhasesAndDepths, DngRoundTrip,
                         testing::Combine(testing::Values(CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg,
                                                          CfaPattern::bggr),
                                          testing::Values(8, 10, 12, 14, 16)),
                         [](const auto& info) {
                           return std::string(to_string(std::get<0>(info.param))) + "_" +
                                  std::to_string(std::get<1>(info.param));
                         });

TEST_P(DngRoundTrip, pixels_phase_depth_and_levels_come_back) {
  const auto [cfa, bit_depth] = GetParam();
  const RawFrame frame = sample_frame(64, 48, cfa, bit_depth);
  const RawFrame read = round_trip(frame);
  ASSERT_EQ(read.width_px, 64);
  ASSERT_EQ(read.height_px, 48);
  EXPECT_EQ(read.cfa, cfa);
  EXPECT_EQ(read.bit_depth, bit_depth);
  EXPECT_EQ(read.mosaic, frame.mosaic);
  EXPECT_EQ(read.metadata.black_level_dn, frame.metadata.black_level_dn);
  EXPECT_EQ(read.metadata.white_level_dn, frame.metadata.white_level_dn);
}

TEST(Dng, odd_sizes_come_back) {
  for (const auto& [width_px, height_px] : {std::pair{65, 48}, {64, 47}, {67, 45}}) {
    const RawFrame frame = sample_frame(width_px, height_px, CfaPattern::bggr, 12);
    const RawFrame read = round_trip(frame);
    EXPECT_EQ(read.width_px, width_px);
    EXPECT_EQ(read.height_px, height_px);
    EXPECT_EQ(read.cfa, frame.cfa);
    EXPECT_EQ(read.mosaic, frame.mosaic);
  }
}

TEST(Dng, what_the_camera_said_comes_back) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 14);
  frame.metadata.pixel_aspect_ratio = 1.5F;
  const RawMetadata read = round_trip(frame).metadata;
  EXPECT_EQ(read.noise_profile, frame.metadata.noise_profile);
  EXPECT_EQ(read.iso, 1600.F);
  // Rational numbers of two 32-bit integers hold these to a float's precision.
  EXPECT_FLOAT_EQ(read.exposure_s, 0.004F);
  EXPECT_FLOAT_EQ(read.aperture_f, 2.8F);
  EXPECT_FLOAT_EQ(read.focal_length_mm, 35.F);
  EXPECT_FLOAT_EQ(read.pixel_aspect_ratio, 1.5F);
  EXPECT_EQ(read.make, "Maker");
  EXPECT_EQ(read.model, "Model 1");
  EXPECT_EQ(read.date_time, "2024:05:06 07:08:09");
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(read.as_shot_gains[c], frame.metadata.as_shot_gains[c], 1e-5F);
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(read.xyz_to_camera[i], frame.metadata.xyz_to_camera[i], 1e-6F);
  for (int row = 0; row < 3; ++row) {
    const float* m = &read.camera_to_srgb[3 * row];
    EXPECT_NEAR(m[0] + m[1] + m[2], 1.F, 1e-5F) << "white must stay white";
  }
}

TEST(Dng, black_levels_keep_their_fractions) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  frame.metadata.black_level_dn = {64.5F, 64.25F, 63.75F, 64.F};
  EXPECT_EQ(round_trip(frame).metadata.black_level_dn, frame.metadata.black_level_dn);
}

TEST(Dng, every_orientation_comes_back) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    frame.metadata.orientation = orientation;
    const RawFrame read = round_trip(frame);
    EXPECT_EQ(read.metadata.orientation, orientation);
    EXPECT_EQ(read.mosaic, frame.mosaic) << "pixels are stored as the sensor gave them";
  }
}

TEST(Dng, a_known_matrix_to_srgb_survives_without_a_colour_matrix) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  frame.metadata.xyz_to_camera = {};
  frame.metadata.camera_to_srgb = {1.8F, -0.6F, -0.2F, -0.3F, 1.7F, -0.4F, 0.1F, -0.5F, 1.4F};
  const RawMetadata read = round_trip(frame).metadata;
  // LibRaw's and this project's sRGB matrices differ in the seventh digit; rational rounding adds as much.
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(read.camera_to_srgb[i], frame.metadata.camera_to_srgb[i], 1e-4F);
}

TEST(Dng, an_unknown_camera_gives_neutral_defaults) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::grbg, 10);
  const RawFrame plain{frame.width_px, frame.height_px, frame.cfa, frame.bit_depth, frame.mosaic, {}};
  const RawFrame read = round_trip(plain);
  EXPECT_EQ(read.mosaic, frame.mosaic);
  EXPECT_FALSE(read.metadata.noise_profile.has_value());
  EXPECT_EQ(read.metadata.iso, 0.F);
  const RawMetadata defaults;
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(read.metadata.as_shot_gains[c], 1.F, 1e-5F);
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(read.metadata.camera_to_srgb[i], defaults.camera_to_srgb[i], 1e-4F);
}

TEST(Dng, is_recognised_as_raw) {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", sample_frame(64, 48, CfaPattern::rggb, 12));
  EXPECT_TRUE(looks_like_raw(file_bytes(folder / "frame.dng")));
  EXPECT_FALSE(looks_like_raw({}));
  EXPECT_FALSE(looks_like_raw(std::vector<std::byte>(1000)));
}

TEST(Dng, a_file_of_a_known_size_but_without_header_is_no_raw) {
  // LibRaw takes any 1024·768 bytes for a picture of one camera.
  const std::vector<std::byte> bytes(1024 * 768);
  EXPECT_FALSE(looks_like_raw(bytes));
  try {
    (void)read_raw(bytes, "zeros.raw");
    FAIL() << "zeros were read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
  }
}

TEST(Dng, what_cannot_be_written_leaves_nothing) {
  const test::TemporaryFolder folder;
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  EXPECT_THROW(write_dng(folder / "missing/frame.dng", frame), Error);
  frame.mosaic.pop_back();
  EXPECT_THROW(write_dng(folder / "frame.dng", frame), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Dng, a_missing_file_is_an_io_error) {
  try {
    (void)read_raw_file("/nonexistent/frame.dng");
    FAIL() << "a missing file was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_NE(std::string(error.what()).find("/nonexistent/frame.dng"), std::string::npos);
  }
}

}  // namespace
}  // namespace rdenoise

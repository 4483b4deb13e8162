// SPDX-License-Identifier: LGPL-2.1-or-later
// Real photos: sizes, phases and levels as the makers' own tools and exiftool show them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>

#include "sample_frame.hpp"
#include "support/data_folder.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

struct Expected {
  const char* file;
  int width_px;
  int height_px;
  CfaPattern cfa;
  int bit_depth;
  float black_dn;
  float white_dn;
  float iso;
  const char* model;
};

class RealRaw : public testing::TestWithParam<Expected> {};

INSTANTIATE_TEST_SUITE_P(Decodable, RealRaw,
                         testing::Values(Expected{"canon-crw-10bit/Canon_PowerShot_G2_CRW_0304.CRW", 2312, 1720,
                                                  CfaPattern::rggb, 10, 32, 1023, 50, "PowerShot G2"},
                                         Expected{"canon-crw-10bit/Canon_PowerShot_S40_CRW_0101.CRW", 2312, 1720,
                                                  CfaPattern::rggb, 10, 32, 1023, 50, "PowerShot S40"},
                                         Expected{"canon-crw-10bit/Canon_PowerShot_S40_CRW_0112.CRW", 2312, 1720,
                                                  CfaPattern::rggb, 10, 32, 1023, 50, "PowerShot S40"},
                                         Expected{"canon-crw-10bit/Canon_PowerShot_S40_CRW_0119.CRW", 2312, 1720,
                                                  CfaPattern::rggb, 10, 32, 1023, 50, "PowerShot S40"},
                                         Expected{"canon-kissx4-dng-14bit/Canon_EOS_KissX4_MagicLantern_colorchart.dng",
                                                  1734, 1156, CfaPattern::rggb, 14, 2056, 15000, 0, "EOS Kiss X4"},
                                         Expected{"gopro-dng-crops/GoPro_Hero6_GOPR0024_iso100_crop.dng", 1200, 900,
                                                  CfaPattern::rggb, 14, 0, 16383, 100, "HERO6 Black"},
                                         Expected{"gopro-dng-crops/GoPro_Hero7_GOPR8508_iso267_crop.dng", 1400, 1000,
                                                  CfaPattern::rggb, 14, 0, 16383, 267, "HERO7 Black"},
                                         Expected{"kodak-kdc-8bit/Kodak_DC120_DC120IMG_P003908.KDC", 848, 976,
                                                  CfaPattern::grbg, 8, 0, 255, 160, "DC120"},
                                         Expected{"kodak-kdc-8bit/Kodak_DC120_DC120IMG_P003911.KDC", 848, 976,
                                                  CfaPattern::grbg, 10, 0, 510, 160, "DC120"},
                                         Expected{"kodak-kdc-8bit/Kodak_DC120_DC120IMG_P003913.KDC", 848, 976,
                                                  CfaPattern::grbg, 10, 0, 510, 160, "DC120"},
                                         Expected{"kodak-kdc-8bit/Kodak_DC50_DC50IMG_DC0008L.KDC", 768, 512,
                                                  CfaPattern::grbg, 14, 0, 16383, 84, "DC50"},
                                         Expected{"kodak-kdc-8bit/Kodak_DC50_DC50IMG_DC0010S.KDC", 768, 512,
                                                  CfaPattern::grbg, 14, 0, 16383, 84, "DC50"},
                                         Expected{"kodak-kdc-8bit/RAW_KODAK_DC50_building.KDC", 768, 512,
                                                  CfaPattern::grbg, 14, 0, 16383, 84, "DC50"}),
                         [](const auto& info) {
                           std::string name = std::filesystem::path(info.param.file).stem();
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(RealRaw, has_its_size_phase_and_levels) {
  const Expected& expected = GetParam();
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  const RawFrame frame = read_raw_file(*folder / expected.file);
  EXPECT_EQ(frame.width_px, expected.width_px);
  EXPECT_EQ(frame.height_px, expected.height_px);
  EXPECT_EQ(frame.cfa, expected.cfa);
  EXPECT_EQ(frame.bit_depth, expected.bit_depth);
  for (const float black : frame.metadata.black_level_dn) EXPECT_EQ(black, expected.black_dn);
  EXPECT_EQ(frame.metadata.white_level_dn, expected.white_dn);
  EXPECT_EQ(frame.metadata.iso, expected.iso);
  EXPECT_EQ(frame.metadata.model, expected.model);
  EXPECT_EQ(frame.metadata.as_shot_gains[1], 1.F);
  const auto [least, most] = std::ranges::minmax(frame.mosaic);
  EXPECT_LT(least, most) << "a flat picture";
}

TEST_P(RealRaw, comes_back_from_a_dng) {
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  const test::TemporaryFolder output;
  const RawFrame frame = read_raw_file(*folder / GetParam().file);
  for (const DngCompression compression : {DngCompression::none, DngCompression::lossless_jpeg}) {
    write_dng(output / "frame.dng", frame, {.compression = compression});
    const RawFrame read = read_raw_file(output / "frame.dng");
    ASSERT_EQ(read.width_px, frame.width_px);
    ASSERT_EQ(read.height_px, frame.height_px);
    EXPECT_EQ(read.cfa, frame.cfa);
    EXPECT_EQ(read.bit_depth, frame.bit_depth);
    EXPECT_TRUE(read.mosaic == frame.mosaic);
    const RawMetadata& before = frame.metadata;
    const RawMetadata& after = read.metadata;
    EXPECT_EQ(after.black_level_dn, before.black_level_dn);
    EXPECT_EQ(after.white_level_dn, before.white_level_dn);
    EXPECT_EQ(after.noise_profile, before.noise_profile);
    EXPECT_EQ(after.iso, before.iso);
    EXPECT_FLOAT_EQ(after.exposure_s, before.exposure_s);
    EXPECT_FLOAT_EQ(after.aperture_f, before.aperture_f);
    EXPECT_EQ(after.make, before.make);
    EXPECT_EQ(after.model, before.model);
    EXPECT_EQ(after.date_time, before.date_time);
    EXPECT_EQ(after.orientation, before.orientation);
    EXPECT_EQ(after.carried.gps, before.carried.gps);
    EXPECT_EQ(after.carried.original_file_name, before.carried.original_file_name);
    for (const TiffEntry& entry : before.carried.exif) {
      EXPECT_NE(std::ranges::find(after.carried.exif, entry), after.carried.exif.end()) << entry.tag;
    }
    // Fractions of two 32-bit integers hold a float's precision; the sRGB matrix is computed anew from them.
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(after.as_shot_gains[i], before.as_shot_gains[i], 1e-5F);
    for (int i = 0; i < 9; ++i) EXPECT_NEAR(after.camera_to_srgb[i], before.camera_to_srgb[i], 1e-4F);
  }
}

TEST_P(RealRaw, cut_short_is_refused) {
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  const auto bytes = file_bytes(*folder / GetParam().file);
  for (const double kept : {0.02, 0.3, 0.6, 0.9, 0.99}) {
    const auto size = static_cast<std::size_t>(kept * static_cast<double>(bytes.size()));
    EXPECT_THROW((void)read_raw(std::span(bytes).first(size), "cut"), Error) << kept;
  }
}

TEST(RealRaw, a_dng_of_cfa_pixels_carries_its_noise_profile) {
  const auto folder = test::data_folder("raw/gopro-dng-crops");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw/gopro-dng-crops";
  const RawFrame frame = read_raw_file(*folder / "GoPro_Hero7_GOPR8508_iso267_crop.dng");
  ASSERT_TRUE(frame.metadata.noise_profile.has_value());
  EXPECT_EQ(frame.metadata.noise_profile->channel_count, 3);
  for (const NoiseModel& noise : frame.metadata.noise_profile->channels) {
    EXPECT_NEAR(noise.a, 4.17055e-4, 1e-8);
    EXPECT_NEAR(noise.b, 1.30296e-7, 1e-11);
  }
}

std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

TEST(RealRaw, linear_dng_is_read_as_a_linear_picture) {
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  const LinearRgb linear =
      read_linear_rgb(bytes_of(*folder / "not-a-mosaic/Canon_EOS_6D_LinearRaw_lossy_iso1000.dng"), "6D");
  EXPECT_EQ(linear.image.width_px(), 1224);
  EXPECT_EQ(linear.image.height_px(), 816);
  EXPECT_EQ(linear.metadata.iso, 1000.F);
  // A screen in a dark room: neither black nor white as a whole.
  double mean = 0.0;
  for (const float sample : linear.image.samples()) mean += static_cast<double>(sample);
  mean /= static_cast<double>(linear.image.samples().size());
  EXPECT_GT(mean, 0.005);
  EXPECT_LT(mean, 0.2);
}

TEST(RealRaw, what_libraw_cannot_develop_is_refused) {
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  for (const char* file :
       {"not-a-mosaic/Nikon_CoolscanIV_rgb_scan.nef",  // LibRaw gives white all over
        "kodak-c330-8bit/RAW_KODAK_C330_FORMAT_NONE_YRGB.raw", "gopro-gpr-vc5/GoPro_Hero7Black_GOPR8508.GPR"})
    EXPECT_THROW((void)read_linear_rgb(bytes_of(*folder / file), file), Error) << file;
}

TEST(RealRaw, what_is_no_bayer_mosaic_is_unsupported) {
  const auto folder = test::data_folder("raw");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw";
  for (const auto& [file, found] : {std::pair{"not-a-mosaic/Canon_EOS_6D_LinearRaw_lossy_iso1000.dng", "full-colour"},
                                    {"not-a-mosaic/Nikon_CoolscanIV_rgb_scan.nef", "full-colour"},
                                    {"kodak-c330-8bit/RAW_KODAK_C330_FORMAT_NONE_YRGB.raw", "full-colour"},
                                    {"gopro-gpr-vc5/GoPro_Hero7Black_GOPR8508.GPR", "VC-5"},
                                    {"camera-tiff-rgb8/Sony_FD92_DSC03925.TIF", "TIFF"},
                                    {"bayer-plain/DSC_1339_768x512_rggb.raw", "no header"}}) {
    try {
      (void)read_raw_file(*folder / file);
      ADD_FAILURE() << file << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unsupported) << error.what();
      EXPECT_NE(std::string(error.what()).find(found), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(file), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace rdenoise

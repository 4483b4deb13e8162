// SPDX-License-Identifier: LGPL-2.1-or-later
// What is written is what is read, for every format and bit depth.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "image/exif_orientation.hpp"
#include "support/formula_pictures.hpp"
#include "support/statistics.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

struct FileCase {
  const char* name;
  const char* ending;
  int bit_depth;
  bool keeps_alpha;
};

void PrintTo(const FileCase& file_case, std::ostream* out) { *out << file_case.name; }

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

class LosslessFiles : public testing::TestWithParam<FileCase> {
 protected:
  [[nodiscard]] Picture round_trip(const Picture& picture) const {
    const auto path = folder_ / (std::string("picture") + GetParam().ending);
    write_picture(path, picture, {.bit_depth = GetParam().bit_depth});
    return read_picture(path);
  }

  /// Half a step, and float rounding; floats are kept as they are.
  [[nodiscard]] float tolerance() const {
    const int depth = GetParam().bit_depth;
    return depth == 32 ? 0.F : 0.5F / static_cast<float>((1 << depth) - 1) + 1e-7F;
  }

  test::TemporaryFolder folder_;
};

TEST_P(LosslessFiles, gray_and_rgb_of_odd_sizes_come_back) {
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {3, 1}, {1, 5}, {37, 53}, {130, 64}}) {
    for (const Image& image : {test::formula_gray(width_px, height_px), test::formula_rgb(width_px, height_px)}) {
      const Picture read = round_trip({.image = image});
      ASSERT_EQ(read.image.color_model(), image.color_model());
      ASSERT_EQ(read.image.width_px(), width_px);
      ASSERT_EQ(read.image.height_px(), height_px);
      EXPECT_EQ(read.source_bit_depth, GetParam().bit_depth);
      EXPECT_FALSE(read.alpha.has_value());
      EXPECT_LE(test::max_abs_difference(read.image.samples(), image.samples()), tolerance());
    }
  }
}

TEST_P(LosslessFiles, alpha_is_kept_where_the_format_has_it) {
  for (const Image& image : {test::formula_gray(41, 23), test::formula_rgb(41, 23)}) {
    Picture picture{.image = image};
    picture.alpha = test::formula_gray(41, 23);
    for (float& sample : picture.alpha->samples()) sample = 1.F - sample;
    const Picture read = round_trip(picture);
    EXPECT_LE(test::max_abs_difference(read.image.samples(), image.samples()), tolerance());
    ASSERT_EQ(read.alpha.has_value(), GetParam().keeps_alpha);
    if (read.alpha) {
      EXPECT_LE(test::max_abs_difference(read.alpha->samples(), picture.alpha->samples()), tolerance());
    }
  }
}

TEST_P(LosslessFiles, whole_numbers_are_rounded_and_clipped_and_floats_are_not) {
  const std::vector<float> signal = {-1.5F, -0.001F, 0.F, 0.5004F, 1.F, 1.0002F, 12.F};
  Image image(ColorModel::gray, static_cast<int>(signal.size()), 1);
  std::ranges::copy(signal, image.samples().begin());
  const Picture read = round_trip({.image = image});
  const auto max_dn = static_cast<float>((1U << std::min(GetParam().bit_depth, 16)) - 1U);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const float expected = GetParam().bit_depth == 32
                               ? signal[i]
                               : std::round(std::fmin(std::fmax(signal[i], 0.F), 1.F) * max_dn) / max_dn;
    EXPECT_EQ(read.image.samples()[i], expected) << signal[i];
  }
}

TEST_P(LosslessFiles, written_file_is_the_only_thing_left_in_the_folder) {
  static_cast<void>(round_trip({.image = test::formula_gray(8, 8)}));
  static_cast<void>(round_trip({.image = test::formula_gray(9, 9)}));  // over an existing file
  const auto entries = std::distance(std::filesystem::directory_iterator(folder_.path()), {});
  EXPECT_EQ(entries, 1);
}

INSTANTIATE_TEST_SUITE_P(Formats, LosslessFiles,
                         testing::Values(FileCase{"png8", ".png", 8, true}, FileCase{"png16", ".png", 16, true},
                                         FileCase{"tiff8", ".tif", 8, true}, FileCase{"tiff16", ".tiff", 16, true},
                                         FileCase{"tiff32", ".TIFF", 32, true}, FileCase{"pnm8", ".ppm", 8, false},
                                         FileCase{"pnm16", ".pgm", 16, false}, FileCase{"pnm_any", ".pnm", 8, false}),
                         [](const auto& info) { return std::string(info.param.name); });

class Jpeg : public testing::Test {
 protected:
  [[nodiscard]] Picture round_trip(const Picture& picture, int quality) const {
    write_picture(folder_ / "picture.jpg", picture, {.jpeg_quality = quality});
    return read_picture(folder_ / "picture.jpg");
  }

  test::TemporaryFolder folder_;
};

TEST_F(Jpeg, comes_back_nearly_the_same_and_better_at_higher_quality) {
  for (const Image& image : {test::formula_gray(83, 61), test::formula_rgb(83, 61)}) {
    double last = 1.0;
    for (const int quality : {20, 60, 95}) {
      const Picture read = round_trip({.image = image}, quality);
      ASSERT_EQ(read.image.color_model(), image.color_model());
      ASSERT_EQ(read.image.width_px(), 83);
      double squared = 0.0;
      for (std::size_t i = 0; i < image.samples().size(); ++i) {
        squared += std::pow(read.image.samples()[i] - image.samples()[i], 2);
      }
      const double rms = std::sqrt(squared / image.samples().size());
      EXPECT_LT(rms, last) << quality;
      last = rms;
    }
    EXPECT_LT(last, 3.0 / 255.0);  // quantiser steps of luma at quality 95 are 2 to 12
  }
}

TEST_F(Jpeg, chroma_is_subsampled_below_quality_90_only) {
  // Red and blue columns side by side: halving chroma mixes them.
  Image image(ColorModel::rgb, 64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) image.at(x % 2 == 0 ? 0 : 2, x, y) = 1.F;
  }
  const auto red_contrast = [&](int quality) {
    const Image read = round_trip({.image = image}, quality).image;
    return read.at(0, 32, 32) - read.at(0, 33, 32);
  };
  EXPECT_GT(red_contrast(90), 0.8F);
  EXPECT_LT(red_contrast(89), 0.5F);
}

TEST_F(Jpeg, drops_alpha) {
  Picture picture{.image = test::formula_rgb(16, 16)};
  picture.alpha = test::flat_picture(ColorModel::gray, 16, 16, 0.5F);
  EXPECT_FALSE(round_trip(picture, 95).alpha.has_value());
}

TEST(PictureMetadata, exif_and_icc_profile_are_kept_by_jpeg) {
  const test::TemporaryFolder folder;
  Picture picture{.image = test::formula_rgb(16, 16)};
  picture.exif = exif_with_orientation(6);
  picture.icc_profile = bytes_of(std::string(200000, 'p'));  // longer than one segment
  write_picture(folder / "a.jpg", picture, {});
  const Picture read = read_picture(folder / "a.jpg");
  EXPECT_EQ(read.exif, picture.exif);
  EXPECT_EQ(read.icc_profile, picture.icc_profile);
}

TEST(PictureMetadata, exif_is_kept_by_png_and_a_broken_profile_does_not_stop_it) {
  const test::TemporaryFolder folder;
  Picture picture{.image = test::formula_rgb(16, 16)};
  picture.exif = exif_with_orientation(8);
  picture.icc_profile = bytes_of("no profile at all");
  write_picture(folder / "a.png", picture, {});
  const Picture read = read_picture(folder / "a.png");
  EXPECT_EQ(read.exif, picture.exif);
  EXPECT_TRUE(read.icc_profile.empty());
}

TEST(PictureMetadata, orientation_and_icc_profile_are_kept_by_tiff) {
  const test::TemporaryFolder folder;
  for (int orientation = 1; orientation <= 8; ++orientation) {
    Picture picture{.image = test::formula_gray(16, 16)};
    picture.exif = exif_with_orientation(orientation);
    picture.icc_profile = bytes_of("any bytes");
    write_picture(folder / "a.tif", picture, {.bit_depth = 16});
    const Picture read = read_picture(folder / "a.tif");
    EXPECT_EQ(exif_orientation(read.exif), orientation);
    EXPECT_EQ(read.icc_profile, picture.icc_profile);
  }
}

TEST(ExifOrientation, is_read_in_both_byte_orders_and_is_upright_when_damaged) {
  const std::vector<std::byte> big_endian =
      bytes_of(std::string_view("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x05\0\0\0\0\0\0", 26));
  EXPECT_EQ(exif_orientation(big_endian), 5);
  EXPECT_EQ(exif_orientation({}), 1);
  for (std::size_t size = 0; size < 20; ++size) EXPECT_EQ(exif_orientation(std::span(big_endian).first(size)), 1);
  std::vector<std::byte> lying = big_endian;
  lying[4] = lying[5] = std::byte{0xFF};  // a directory far beyond the end
  EXPECT_EQ(exif_orientation(lying), 1);
  std::vector<std::byte> absurd = big_endian;
  absurd[19] = std::byte{9};
  EXPECT_EQ(exif_orientation(absurd), 1);
}

TEST(PictureTypes, are_found_by_name_in_any_case) {
  EXPECT_EQ(picture_type_for_name("a/b.PNG"), PictureFileType::png);
  EXPECT_EQ(picture_type_for_name("b.Jpeg"), PictureFileType::jpeg);
  EXPECT_EQ(picture_type_for_name("b.jpg"), PictureFileType::jpeg);
  EXPECT_EQ(picture_type_for_name("x.tif"), PictureFileType::tiff);
  EXPECT_EQ(picture_type_for_name("x.y.pgm"), PictureFileType::pnm);
  EXPECT_EQ(picture_type_for_name("x.png.txt"), std::nullopt);
  EXPECT_EQ(picture_type_for_name("png"), std::nullopt);
}

TEST(PictureTypes, are_found_by_first_bytes) {
  EXPECT_EQ(detect_picture_type(bytes_of("\x89PNG\r\n\x1a\n")), PictureFileType::png);
  EXPECT_EQ(detect_picture_type(bytes_of("\xff\xd8\xff\xe0")), PictureFileType::jpeg);
  EXPECT_EQ(detect_picture_type(bytes_of(std::string_view("MM\0*", 4))), PictureFileType::tiff);
  EXPECT_EQ(detect_picture_type(bytes_of("P6\n1 1")), PictureFileType::pnm);
  EXPECT_EQ(detect_picture_type(bytes_of("P3\n1 1")), std::nullopt);
  EXPECT_EQ(detect_picture_type({}), std::nullopt);
}

ErrorCode write_error(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options) {
  try {
    write_picture(path, picture, options);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path.filename().string()), std::string::npos) << error.what();
    return error.code();
  }
  ADD_FAILURE() << path << " was written";
  return ErrorCode::internal;
}

TEST(PictureWriting, png_in_memory_is_the_png_on_disk) {
  const test::TemporaryFolder folder;
  const Picture picture{.image = test::formula_rgb(21, 13)};
  write_picture(folder / "a.png", picture, {.bit_depth = 16});
  std::ifstream file(folder / "a.png", std::ios::binary);
  const std::string on_disk{std::istreambuf_iterator<char>(file), {}};
  const std::vector<std::byte> in_memory = encode_png(picture, 16);
  EXPECT_EQ(on_disk, std::string(reinterpret_cast<const char*>(in_memory.data()), in_memory.size()));
  EXPECT_THROW(static_cast<void>(encode_png(picture, 32)), Error);
  EXPECT_THROW(static_cast<void>(encode_png({})), Error);
}

TEST(PictureWriting, refuses_what_it_cannot_do_and_leaves_nothing_behind) {
  const test::TemporaryFolder folder;
  const Picture picture{.image = test::formula_rgb(8, 8)};
  Picture odd_alpha = picture;
  odd_alpha.alpha = test::formula_gray(8, 9);
  EXPECT_EQ(write_error(folder / "a.bmp", picture, {}), ErrorCode::unsupported);
  EXPECT_EQ(write_error(folder / "a.png", picture, {.bit_depth = 32}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.jpg", picture, {.bit_depth = 16}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.jpg", picture, {.jpeg_quality = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.tif", picture, {.bit_depth = 12}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.png", {}, {}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.png", odd_alpha, {}), ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "a.png", {.image = test::formula_bayer(8, 8, CfaPattern::rggb)}, {}),
            ErrorCode::invalid_argument);
  EXPECT_EQ(write_error(folder / "none/a.png", picture, {}), ErrorCode::io);
  // Too wide for the format, which libjpeg finds out when the temporary file is open.
  EXPECT_EQ(write_error(folder / "wide.jpg", {.image = Image(ColorModel::gray, 70000, 1)}, {}), ErrorCode::unsupported);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PictureWriting, keeps_the_old_file_when_it_fails) {
  const test::TemporaryFolder folder;
  const Picture old{.image = test::formula_gray(8, 8)};
  write_picture(folder / "a.jpg", old, {});
  EXPECT_EQ(write_error(folder / "a.jpg", {.image = Image(ColorModel::gray, 70000, 1)}, {}), ErrorCode::unsupported);
  EXPECT_EQ(read_picture(folder / "a.jpg").image.width_px(), 8);
}

}  // namespace
}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Layouts of TIFF that other programs write and write_picture() does not.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr int width_px = 37;
constexpr int height_px = 21;

std::uint8_t pattern(int x, int y, int c) { return static_cast<std::uint8_t>(x * 7 + y * 3 + c * 50); }

struct TiffCase {
  const char* name;
  const char* mode;  ///< of TIFFOpen: byte order
  int bits;
  int samples_per_pixel;
  int planar_config;
  int tile_px;  ///< 0: strips
  int compression;
  int photometric;
};

void PrintTo(const TiffCase& tiff_case, std::ostream* out) { *out << tiff_case.name; }

class ForeignTiffs : public testing::TestWithParam<TiffCase> {
 protected:
  /// The stored number, a float in 32-bit files.
  [[nodiscard]] static float number(int x, int y, int c) {
    const float value = pattern(x, y, c);
    return GetParam().bits == 8 ? value : GetParam().bits == 16 ? value * 250.F : value / 100.F - 1.F;
  }

  static void put(std::byte* dst, float value) {
    if (GetParam().bits == 32) std::memcpy(dst, &value, 4);
    const auto number = static_cast<std::uint16_t>(value < 0.F ? 0.F : value);
    if (GetParam().bits <= 16) std::memcpy(dst, &number, GetParam().bits / 8);
  }

  /// Samples first_c … first_c + count − 1 of a block of pixels, side by side.
  static std::vector<std::byte> block(int x0, int y0, int width, int height, int first_c, int count) {
    const int bytes = GetParam().bits / 8;
    std::vector<std::byte> samples(static_cast<std::size_t>(width) * height * count * bytes);
    std::byte* dst = samples.data();
    for (int y = y0; y < y0 + height; ++y) {
      for (int x = x0; x < x0 + width; ++x) {
        for (int c = first_c; c < first_c + count; ++c, dst += bytes) put(dst, number(x, y, c));
      }
    }
    return samples;
  }

  static void write(const std::filesystem::path& path) {
    const TiffCase& param = GetParam();
    TIFF* tiff = TIFFOpen(path.c_str(), param.mode);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width_px);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height_px);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, param.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, param.samples_per_pixel);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, param.bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, param.photometric);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, param.planar_config);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, param.compression);
    if (param.samples_per_pixel % 2 == 0) {
      const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
      TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
    const bool separate = param.planar_config == PLANARCONFIG_SEPARATE;
    const int together = separate ? 1 : param.samples_per_pixel;
    if (param.tile_px > 0) {
      TIFFSetField(tiff, TIFFTAG_TILEWIDTH, param.tile_px);
      TIFFSetField(tiff, TIFFTAG_TILELENGTH, param.tile_px);
    } else {
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 4);
    }
    for (int c = 0; c < param.samples_per_pixel; c += together) {
      const int step_x = param.tile_px > 0 ? param.tile_px : width_px;
      const int step_y = param.tile_px > 0 ? param.tile_px : 4;
      for (int y = 0; y < height_px; y += step_y) {
        for (int x = 0; x < width_px; x += step_x) {
          const int rows = param.tile_px > 0 ? step_y : std::min(step_y, height_px - y);
          std::vector<std::byte> samples = block(x, y, step_x, rows, c, together);
          if (param.tile_px > 0) {
            TIFFWriteTile(tiff, samples.data(), x, y, 0, c);
          } else {
            TIFFWriteEncodedStrip(tiff, TIFFComputeStrip(tiff, y, c), samples.data(), samples.size());
          }
        }
      }
    }
    TIFFClose(tiff);
  }
};

TEST_P(ForeignTiffs, hold_the_numbers_that_were_stored) {
  const TiffCase& param = GetParam();
  const test::TemporaryFolder folder;
  write(folder / "a.tif");
  const Picture picture = read_picture(folder / "a.tif");
  const int color_count = param.samples_per_pixel < 3 ? 1 : 3;
  ASSERT_EQ(picture.image.plane_count(), color_count);
  ASSERT_EQ(picture.alpha.has_value(), param.samples_per_pixel > color_count);
  const float white_dn = param.bits == 8 ? 255.F : param.bits == 16 ? 65535.F : 1.F;
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (int c = 0; c < param.samples_per_pixel; ++c) {
        const float found = c < color_count ? picture.image.at(c, x, y) : picture.alpha->at(0, x, y);
        const float stored = number(x, y, c) / white_dn;
        const float expected = param.photometric == PHOTOMETRIC_MINISWHITE ? 1.F - stored : stored;
        ASSERT_NEAR(found, expected, 1e-6F) << x << " " << y << " " << c;
      }
    }
  }
}

constexpr int contig = PLANARCONFIG_CONTIG;
constexpr int separate = PLANARCONFIG_SEPARATE;
constexpr int black_is_0 = PHOTOMETRIC_MINISBLACK;
constexpr int white_is_0 = PHOTOMETRIC_MINISWHITE;
constexpr int rgb = PHOTOMETRIC_RGB;

INSTANTIATE_TEST_SUITE_P(
    Layouts, ForeignTiffs,
    testing::Values(TiffCase{"gray8_lzw", "w", 8, 1, contig, 0, COMPRESSION_LZW, black_is_0},
                    TiffCase{"rgb16_big_endian", "wb", 16, 3, contig, 0, COMPRESSION_NONE, rgb},
                    TiffCase{"bigtiff_rgba8_deflate", "w8", 8, 4, contig, 0, COMPRESSION_ADOBE_DEFLATE, rgb},
                    TiffCase{"tiles_rgb8", "w", 8, 3, contig, 16, COMPRESSION_NONE, rgb},
                    TiffCase{"tiles_larger_than_the_picture", "w", 16, 2, contig, 64, COMPRESSION_LZW, black_is_0},
                    TiffCase{"tiles_float_rgb_separate", "w", 32, 3, separate, 16, COMPRESSION_ADOBE_DEFLATE, rgb},
                    TiffCase{"strips_rgba16_separate", "w", 16, 4, separate, 0, COMPRESSION_PACKBITS, rgb},
                    TiffCase{"float_gray_big_endian", "wb", 32, 1, contig, 0, COMPRESSION_NONE, black_is_0},
                    TiffCase{"white_is_zero", "w", 8, 1, contig, 0, COMPRESSION_NONE, white_is_0}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(TiffAlpha, premultiplied_colors_become_plain_ones) {
  const test::TemporaryFolder folder;
  TIFF* tiff = TIFFOpen((folder / "a.tif").c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 2);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 1);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 2);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const std::uint16_t alpha = EXTRASAMPLE_ASSOCALPHA;
  TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
  std::array<float, 4> row = {0.2F, 0.25F, 0.F, 0.F};
  TIFFWriteScanline(tiff, row.data(), 0, 0);
  TIFFClose(tiff);
  const Picture picture = read_picture(folder / "a.tif");
  EXPECT_FLOAT_EQ(picture.image.at(0, 0, 0), 0.8F);
  EXPECT_EQ(picture.image.at(0, 1, 0), 0.F);
  EXPECT_EQ(picture.alpha->at(0, 0, 0), 0.25F);
}

}  // namespace
}  // namespace rdenoise

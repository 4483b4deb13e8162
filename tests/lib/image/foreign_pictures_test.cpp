// SPDX-License-Identifier: LGPL-2.1-or-later
// Kinds of files that other programs write and write_picture() does not.
#include <gtest/gtest.h>
#include <png.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
// libjpeg's header needs <cstdio> before it.
#include <jpeglib.h>

#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "image/picture_formats.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr int width_px = 37;
constexpr int height_px = 21;

std::uint8_t pattern(int x, int y, int c) { return static_cast<std::uint8_t>(x * 7 + y * 3 + c * 50); }

class ForeignPictures : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path(const char* name) const { return folder_ / name; }

  /// rows: packed bytes, `row_bytes` each.
  void write_png(const char* name, int bit_depth, int color_type, int interlace, const std::vector<std::uint8_t>& rows,
                 const std::function<void(png_structp, png_infop)>& more = {}) const {
    std::FILE* file = std::fopen(path(name).c_str(), "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_init_io(png, file);
    png_set_IHDR(png, info, width_px, height_px, bit_depth, color_type, interlace, 0, 0);
    if (more) more(png, info);
    png_write_info(png, info);
    std::vector<png_const_bytep> pointers(height_px);
    for (int y = 0; y < height_px; ++y) pointers[y] = rows.data() + y * rows.size() / height_px;
    png_write_image(png, const_cast<png_bytepp>(pointers.data()));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    std::fclose(file);
  }

  test::TemporaryFolder folder_;
};

TEST_F(ForeignPictures, interlaced_png_is_read) {
  std::vector<std::uint8_t> rows;
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (int c = 0; c < 3; ++c) rows.push_back(pattern(x, y, c));
    }
  }
  write_png("a.png", 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_ADAM7, rows);
  const Picture picture = read_picture(path("a.png"));
  ASSERT_EQ(picture.image.plane_count(), 3);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (int c = 0; c < 3; ++c) EXPECT_EQ(picture.image.at(c, x, y), static_cast<float>(pattern(x, y, c)) / 255.F);
    }
  }
}

TEST_F(ForeignPictures, png_palette_becomes_rgb_and_its_transparency_alpha) {
  std::vector<std::uint8_t> rows;
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) rows.push_back((x + y) % 3);
  }
  const std::array<png_color, 3> palette = {{{255, 0, 0}, {0, 51, 0}, {10, 20, 30}}};
  const std::array<png_byte, 3> transparency = {255, 0, 51};
  write_png("a.png", 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, rows, [&](png_structp png, png_infop info) {
    png_set_PLTE(png, info, palette.data(), 3);
    png_set_tRNS(png, info, transparency.data(), 3, nullptr);
  });
  const Picture picture = read_picture(path("a.png"));
  ASSERT_EQ(picture.image.plane_count(), 3);
  ASSERT_TRUE(picture.alpha.has_value());
  EXPECT_EQ(picture.image.at(0, 0, 0), 1.F);
  EXPECT_EQ(picture.image.at(1, 1, 0), 0.2F);
  EXPECT_EQ(picture.image.at(2, 1, 1), 30.F / 255.F);
  EXPECT_EQ(picture.alpha->at(0, 1, 0), 0.F);
  EXPECT_EQ(picture.alpha->at(0, 2, 0), 0.2F);
}

TEST_F(ForeignPictures, png_of_one_bit_spans_black_to_white) {
  std::vector<std::uint8_t> rows((width_px + 7) / 8 * height_px, 0xA0);
  write_png("a.png", 1, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, rows);
  const Picture picture = read_picture(path("a.png"));
  ASSERT_EQ(picture.image.plane_count(), 1);
  EXPECT_EQ(picture.source_bit_depth, 8);
  for (int x = 0; x < 8; ++x) EXPECT_EQ(picture.image.at(0, x, 3), x == 0 || x == 2 ? 1.F : 0.F);
}

TEST_F(ForeignPictures, cmyk_jpeg_is_refused_with_its_reason) {
  std::FILE* file = std::fopen(path("a.jpg").c_str(), "wb");
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = 16;
  jpeg.image_height = 16;
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<JSAMPLE> row(64, 100);
  JSAMPROW pointer = row.data();
  while (jpeg.next_scanline < jpeg.image_height) jpeg_write_scanlines(&jpeg, &pointer, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::fclose(file);
  try {
    static_cast<void>(read_picture(path("a.jpg")));
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    EXPECT_NE(std::string(error.what()).find("CMYK"), std::string::npos) << error.what();
  }
}

/// A gray progressive picture and, after the first of its passes, `more_passes` copies of that pass.
std::vector<std::byte> progressive_jpeg(int more_passes) {
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = 64;
  jpeg.image_height = 64;
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<JSAMPLE> row(64);
  JSAMPROW pointer = row.data();
  while (jpeg.next_scanline < jpeg.image_height) {
    for (int x = 0; x < 64; ++x) row[x] = pattern(x, static_cast<int>(jpeg.next_scanline), 0);
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  const auto* first = reinterpret_cast<const std::byte*>(memory);
  std::vector<std::byte> bytes(first, first + size);
  std::free(memory);

  const auto marker = [&bytes](std::size_t from, unsigned char code) {
    while (bytes[from] != std::byte{0xFF} || bytes[from + 1] != std::byte{code}) ++from;
    return from;
  };
  constexpr unsigned char start_of_scan = 0xDA;
  constexpr unsigned char huffman_table = 0xC4;
  const std::size_t begin = marker(0, start_of_scan);
  const std::size_t end = marker(begin, huffman_table);
  const std::vector<std::byte> pass(bytes.begin() + begin, bytes.begin() + end);
  for (int i = 0; i < more_passes; ++i) bytes.insert(bytes.begin() + end, pass.begin(), pass.end());
  return bytes;
}

TEST(ProgressiveJpeg, is_read_but_not_with_hundreds_of_passes) {
  for (const int more_passes : {0, 100}) {
    const std::vector<std::byte> honest = progressive_jpeg(more_passes);
    EXPECT_EQ(decode_picture({honest, "a.jpg"}).image.width_px(), 64);
  }
  const std::vector<std::byte> endless = progressive_jpeg(300);
  try {
    static_cast<void>(decode_picture({endless, "a.jpg"}));
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
  }
}

TEST(PnmFiles, comments_and_any_largest_value_are_understood) {
  const test::TemporaryFolder folder;
  const auto path = folder / "a.pgm";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  std::fputs("P5 # made by hand\n2 #two\n 1\n# 10 bit\n1000\n\x01\xF4\x03\xE8", file);
  std::fclose(file);
  const Picture picture = read_picture(path);
  EXPECT_EQ(picture.source_bit_depth, 16);
  EXPECT_EQ(picture.image.at(0, 0, 0), 0.5F);
  EXPECT_EQ(picture.image.at(0, 1, 0), 1.F);
}

}  // namespace
}  // namespace rdenoise

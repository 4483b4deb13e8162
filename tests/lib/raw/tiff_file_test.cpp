// SPDX-License-Identifier: LGPL-2.1-or-later
// Files of the own TIFF writer, read by libtiff.
#include "raw/tiff_file.hpp"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <array>
#include <memory>

#include "raw/dng_tags.hpp"
#include "sample_frame.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;

/// 3×2 gray pixels in two strips of an odd number of bytes.
TiffPart gray_part(const std::array<std::byte, 6>& pixels) {
  TiffPart part;
  part.directory.set_long(tag::image_width, 3);
  part.directory.set_long(tag::image_length, 2);
  part.directory.set_short(tag::bits_per_sample, 8);
  part.directory.set_short(tag::compression, 1);
  part.directory.set_short(tag::photometric_interpretation, 1);
  part.directory.set_short(tag::samples_per_pixel, 1);
  part.directory.set_long(tag::rows_per_strip, 1);
  part.pixels = {std::span(pixels).first(3), std::span(pixels).last(3)};
  return part;
}

constexpr std::array<std::byte, 6> pixels{std::byte{1}, std::byte{2}, std::byte{3},
                                          std::byte{4}, std::byte{5}, std::byte{6}};

TEST(TiffFile, libtiff_reads_entries_children_and_strips) {
  const test::TemporaryFolder folder;
  TiffPart main = gray_part(pixels);
  main.directory.set_text(tag::make, "Maker of cameras");
  TiffPart child = gray_part(pixels);
  child.directory.set_text(tag::model, "below");
  main.children.emplace_back(tag::sub_ifds, child);
  TiffPart exif;
  exif.directory.set_rational(tag::exposure_time, 0.004F);
  main.children.emplace_back(tag::exif_ifd, exif);
  write_tiff_parts(folder / "a.tif", "a.tif", main);

  const Tiff tiff(TIFFOpen((folder / "a.tif").c_str(), "r"), &TIFFClose);
  ASSERT_TRUE(tiff);
  const auto expect_pixels = [&] {
    for (std::uint32_t strip = 0; strip < 2; ++strip) {
      std::array<std::byte, 3> row{};
      ASSERT_EQ(TIFFReadEncodedStrip(tiff.get(), strip, row.data(), 3), 3);
      for (std::size_t x = 0; x < 3; ++x) EXPECT_EQ(row[x], pixels[3 * strip + x]);
    }
  };
  char* text = nullptr;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_MAKE, &text), 1);
  EXPECT_STREQ(text, "Maker of cameras");
  expect_pixels();
  toff_t exif_offset = 0;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_EXIFIFD, &exif_offset), 1);
  std::uint16_t count = 0;
  toff_t* offsets = nullptr;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_SUBIFD, &count, &offsets), 1);
  ASSERT_EQ(count, 1);
  ASSERT_EQ(TIFFSetSubDirectory(tiff.get(), offsets[0]), 1);
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_MODEL, &text), 1);
  EXPECT_STREQ(text, "below");
  expect_pixels();
  ASSERT_EQ(TIFFReadEXIFDirectory(tiff.get(), exif_offset), 1);
  float exposure = 0.F;
  ASSERT_EQ(TIFFGetField(tiff.get(), EXIFTAG_EXPOSURETIME, &exposure), 1);
  EXPECT_FLOAT_EQ(exposure, 0.004F);
}

TEST(TiffFile, all_directories_come_before_all_pixels) {
  const test::TemporaryFolder folder;
  TiffPart main = gray_part(pixels);
  main.children.emplace_back(tag::sub_ifds, gray_part(pixels));
  write_tiff_parts(folder / "a.tif", "a.tif", main);
  const auto bytes = file_bytes(folder / "a.tif");
  // Two parts of two strips of 3 bytes, each at an even place; the last one ends the file.
  ASSERT_GT(bytes.size(), 15U);
  const auto last = std::span(bytes).last(15);
  EXPECT_TRUE(std::equal(last.begin(), last.begin() + 3, pixels.begin()));
  EXPECT_TRUE(std::equal(last.begin() + 12, last.end(), pixels.begin() + 3));
}

}  // namespace
}  // namespace rdenoise

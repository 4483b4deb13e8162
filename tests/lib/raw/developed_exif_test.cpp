// SPDX-License-Identifier: LGPL-2.1-or-later
// EXIF of a photo in the pictures that are developed of it.
#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <rdenoise/picture_file.hpp>

#include "image/exif_block.hpp"
#include "image/exif_orientation.hpp"
#include "raw/dng_tags.hpp"
#include "raw/tiff_directory.hpp"
#include "sample_frame.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr std::uint16_t lens_model = 0xA434;
constexpr std::uint16_t gps_latitude = 2;

RawMetadata photographed() {
  RawMetadata metadata = sample_frame(22, 22, CfaPattern::rggb, 12).metadata;
  metadata.orientation = 6;
  metadata.iso = 800.F;
  metadata.exposure_s = 0.004F;
  metadata.aperture_f = 2.8F;
  metadata.focal_length_mm = 35.F;
  metadata.date_time = "2024:05:06 07:08:09";
  TiffDirectory exif;
  exif.set_text(lens_model, "Lens 35mm");
  for (const auto& [tag, entry] : exif.entries()) metadata.carried.exif.push_back(entry);
  TiffDirectory gps;
  constexpr double latitude[3]{52.0, 31.0, 12.0};
  gps.set_text(1, "N");
  gps.set_rationals(gps_latitude, latitude);
  for (const auto& [tag, entry] : gps.entries()) metadata.carried.gps.push_back(entry);
  metadata.carried.maker_note = MakerNote{{std::byte{1}, std::byte{2}}, 100, false};
  return metadata;
}

const ExifEntry* find(const std::vector<ExifEntry>& entries, std::uint16_t tag) {
  const auto found = std::ranges::find(entries, tag, &ExifEntry::tag);
  return found == entries.end() ? nullptr : &*found;
}

void expect_facts(const ExifDirectories& directories) {
  ASSERT_NE(find(directories.main, tag::model), nullptr);
  EXPECT_EQ(find(directories.main, tag::model)->text, "Model 1");
  ASSERT_NE(find(directories.exif, tag::iso_speed), nullptr);
  EXPECT_EQ(find(directories.exif, tag::iso_speed)->numbers.at(0), 800.0);
  // A float's 0.004, as the nearest fraction.
  EXPECT_NEAR(find(directories.exif, tag::exposure_time)->numbers.at(0), 0.004, 1e-9);
  EXPECT_EQ(find(directories.exif, lens_model)->text, "Lens 35mm");
  EXPECT_EQ(find(directories.exif, tag::date_time_original)->text, "2024:05:06 07:08:09");
  EXPECT_EQ(find(directories.exif, tag::maker_note), nullptr);
  ASSERT_NE(find(directories.gps, gps_latitude), nullptr);
  EXPECT_EQ(find(directories.gps, gps_latitude)->numbers, (std::vector<double>{52, 31, 12}));
}

TEST(DevelopedExif, tells_camera_exposure_time_and_place_of_an_upright_picture) {
  const std::vector<std::byte> block = exif_of_developed(photographed(), 40, 30);
  EXPECT_EQ(exif_orientation(block), 1) << "the pixels are turned already";
  const ExifDirectories directories = parse_exif_block(block);
  expect_facts(directories);
  EXPECT_EQ(find(directories.exif, tag::pixel_x_dimension)->numbers.at(0), 40.0);
}

TEST(DevelopedExif, is_kept_by_jpeg_and_png) {
  const test::TemporaryFolder folder;
  Picture picture;
  picture.image = test::formula_rgb(40, 30);
  picture.exif = exif_of_developed(photographed(), 40, 30);
  for (const char* name : {"a.jpg", "a.png"}) {
    write_picture(folder / name, picture, {});
    const Picture read = read_picture(folder / name);
    EXPECT_EQ(exif_orientation(read.exif), 1);
    expect_facts(parse_exif_block(read.exif));
  }
}

TEST(DevelopedExif, is_in_directories_of_its_own_in_a_tiff) {
  const test::TemporaryFolder folder;
  Picture picture;
  picture.image = test::formula_rgb(40, 30);
  picture.exif = exif_of_developed(photographed(), 40, 30);
  write_picture(folder / "a.tiff", picture, {.bit_depth = 16});
  EXPECT_EQ(read_picture(folder / "a.tiff").image.width_px(), 40);

  const std::unique_ptr<TIFF, void (*)(TIFF*)> tiff(TIFFOpen((folder / "a.tiff").c_str(), "r"), TIFFClose);
  ASSERT_TRUE(tiff);
  const char* text = nullptr;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_MODEL, &text), 1);
  EXPECT_STREQ(text, "Model 1");
  std::uint16_t orientation = 0;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_ORIENTATION, &orientation), 1);
  EXPECT_EQ(orientation, 1);
  toff_t exif = 0;
  toff_t gps = 0;
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_EXIFIFD, &exif), 1);
  ASSERT_EQ(TIFFGetField(tiff.get(), TIFFTAG_GPSIFD, &gps), 1);
  EXPECT_EQ(TIFFReadDirectory(tiff.get()), 0) << "the directories of EXIF are no pictures";
  ASSERT_EQ(TIFFReadEXIFDirectory(tiff.get(), exif), 1);
  float exposure_s = 0.F;  // as libtiff keeps it
  ASSERT_EQ(TIFFGetField(tiff.get(), EXIFTAG_EXPOSURETIME, &exposure_s), 1);
  EXPECT_FLOAT_EQ(exposure_s, 0.004F);
  ASSERT_EQ(TIFFGetField(tiff.get(), EXIFTAG_LENSMODEL, &text), 1);
  EXPECT_STREQ(text, "Lens 35mm");
  ASSERT_EQ(TIFFReadGPSDirectory(tiff.get(), gps), 1);
  const double* latitude = nullptr;
  ASSERT_EQ(TIFFGetField(tiff.get(), GPSTAG_LATITUDE, &latitude), 1);
  EXPECT_EQ(latitude[1], 31.0);
}

TEST(ExifBlock, damage_costs_entries_but_nothing_else) {
  const std::vector<std::byte> block = exif_of_developed(photographed(), 40, 30);
  for (std::size_t size = 0; size < block.size(); size += 3) (void)parse_exif_block(std::span(block).first(size));
  for (std::size_t at = 0; at < block.size(); ++at) {
    std::vector<std::byte> damaged = block;
    damaged[at] = std::byte{0xFF};
    const ExifDirectories directories = parse_exif_block(damaged);
    for (const ExifEntry& entry : directories.exif)
      for (const double number : entry.numbers) EXPECT_TRUE(std::isfinite(number));
  }
}

}  // namespace
}  // namespace rdenoise

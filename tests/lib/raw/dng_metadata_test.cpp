// SPDX-License-Identifier: LGPL-2.1-or-later
// What a DNG carries besides pixels and levels.
#include <gtest/gtest.h>

#include <algorithm>
#include <rdenoise/picture_file.hpp>
#include <string_view>

#include "raw/dng_exif.hpp"
#include "raw/dng_tags.hpp"
#include "sample_frame.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

RawFrame round_trip(const RawFrame& frame) {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", frame);
  return read_raw_file(folder / "frame.dng");
}

TiffEntry text_entry(std::uint16_t tag, std::string_view text) {
  TiffDirectory directory;
  directory.set_text(tag, text);
  return directory.entries().at(tag);
}

/// A fraction that libraries like to reduce.
TiffEntry unreduced(std::uint16_t tag) {
  return {tag, tiff_type::rational, 1, {std::byte{10}, {}, {}, {}, std::byte{100}, {}, {}, {}}};
}

RawFrame frame_with_tags() {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  CarriedTags& carried = frame.metadata.carried;
  carried.camera = {text_entry(tag::artist, "A. Photographer"), text_entry(tag::copyright, "All of them")};
  carried.exif = {unreduced(tag::exposure_time), text_entry(tag::date_time_original, "2020:01:02 03:04:05")};
  carried.gps = {text_entry(1, "N"), unreduced(6)};
  carried.original_file_name = "IMG_0001.CR2";
  return frame;
}

const TiffEntry* find(const std::vector<TiffEntry>& entries, std::uint16_t tag) {
  const auto found = std::ranges::find(entries, tag, &TiffEntry::tag);
  return found == entries.end() ? nullptr : &*found;
}

TEST(DngMetadata, exif_gps_and_author_come_back_byte_for_byte) {
  const RawFrame frame = frame_with_tags();
  const RawMetadata read = round_trip(frame).metadata;
  const auto expect_all = [](const std::vector<TiffEntry>& written, const std::vector<TiffEntry>& entries) {
    for (const TiffEntry& entry : written) {
      ASSERT_NE(find(entries, entry.tag), nullptr) << entry.tag;
      EXPECT_EQ(*find(entries, entry.tag), entry) << entry.tag;
    }
  };
  expect_all(frame.metadata.carried.camera, read.carried.camera);
  expect_all(frame.metadata.carried.exif, read.carried.exif);
  expect_all(frame.metadata.carried.gps, read.carried.gps);
  EXPECT_EQ(read.carried.original_file_name, "IMG_0001.CR2");
  EXPECT_FLOAT_EQ(read.exposure_s, 0.1F) << "the camera's entry counts, not the parsed fact";
  EXPECT_EQ(read.iso, 1600.F) << "facts fill in what the camera did not write";
}

TEST(DngMetadata, a_second_trip_changes_nothing) {
  const RawFrame once = round_trip(frame_with_tags());
  const RawFrame twice = round_trip(once);
  EXPECT_EQ(twice.metadata.carried, once.metadata.carried);
  EXPECT_EQ(twice.mosaic, once.mosaic);
}

TEST(DngMetadata, the_record_of_denoising_comes_back) {
  RawFrame frame = frame_with_tags();
  EXPECT_FALSE(round_trip(frame).metadata.denoised);
  frame.metadata.denoised = DenoiseRecord{"1.0.0", "ffdnet-bayer", 0.5};
  RawFrame read = round_trip(frame);
  EXPECT_EQ(read.metadata.denoised, frame.metadata.denoised);
  const TiffEntry* applied = find(read.metadata.carried.raw, tag::noise_reduction_applied);
  ASSERT_NE(applied, nullptr);
  EXPECT_EQ(applied->value[0], std::byte{1});
  EXPECT_EQ(applied->value[4], std::byte{2});  // 1/2

  read.metadata.denoised.reset();
  EXPECT_FALSE(round_trip(read).metadata.denoised) << "no record is left in the XMP";
}

TEST(DngMetadata, a_noise_profile_is_one_that_readers_take) {
  RawFrame frame = sample_frame(64, 48, CfaPattern::rggb, 12);
  frame.metadata.noise_profile = NoiseProfile{3, {NoiseModel{0.0, -1e-9}, NoiseModel{1e-4, 0.0}, {}}, 0.1};
  const auto read = round_trip(frame).metadata.noise_profile;
  ASSERT_TRUE(read);
  for (const NoiseModel& noise : read->channels) {
    EXPECT_GT(noise.a, 0.0);
    EXPECT_GE(noise.b, 0.0);
  }
  EXPECT_EQ(read->channels[1].a, 1e-4);
}

TEST(DngMetadata, a_maker_note_goes_with_its_old_offset_into_the_private_data) {
  RawMetadata metadata;
  const MakerNote note{{std::byte{7}, std::byte{8}, std::byte{9}}, 0x01020304, true};
  TiffDirectory main;
  TiffDirectory exif;
  add_maker_note(note, main, exif);
  EXPECT_FALSE(exif.has(tag::maker_note));
  ASSERT_TRUE(main.has(tag::dng_private_data));
  const auto& value = main.entries().at(tag::dng_private_data).value;
  const std::string_view text(reinterpret_cast<const char*>(value.data()), value.size());
  // "Adobe", block name, length (big-endian), byte order, old offset (big-endian), note, filler to an even length.
  EXPECT_EQ(text, std::string_view("Adobe\0MakN\0\0\0\x9MM\1\2\3\4\7\x8\x9\0", 24));
}

TEST(DngMetadata, a_maker_note_that_is_safe_to_move_stays_in_exif) {
  TiffDirectory main;
  main.set_short(tag::maker_note_safety, 1);
  TiffDirectory exif;
  add_maker_note({{std::byte{7}}, 100, false}, main, exif);
  EXPECT_TRUE(exif.has(tag::maker_note));
  EXPECT_FALSE(main.has(tag::dng_private_data));
}

TEST(DngMetadata, private_data_that_is_there_already_is_not_overwritten) {
  TiffDirectory main;
  main.set_bytes(tag::dng_private_data, std::array<std::uint8_t, 3>{1, 2, 3});
  TiffDirectory exif;
  add_maker_note({{std::byte{7}}, 100, false}, main, exif);
  EXPECT_EQ(main.entries().at(tag::dng_private_data).count, 3U);
  EXPECT_FALSE(exif.has(tag::maker_note));
}

/// The JPEG in a DNG, by its first marker.
Picture preview_of(const RawFrame& frame, int preview_size_px) {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", frame, {.preview_size_px = preview_size_px});
  const auto bytes = file_bytes(folder / "frame.dng");
  constexpr std::array soi{std::byte{0xFF}, std::byte{0xD8}, std::byte{0xFF}};
  const auto begin = std::ranges::search(bytes, soi).begin();
  std::ofstream(folder / "preview.jpg", std::ios::binary)
      .write(reinterpret_cast<const char*>(&*begin), static_cast<std::streamsize>(bytes.end() - begin));
  return read_picture(folder / "preview.jpg");
}

TEST(DngMetadata, the_preview_is_developed_from_the_pixels) {
  RawFrame frame = sample_frame(400, 300, CfaPattern::gbrg, 12);
  RawMetadata& m = frame.metadata;
  m.black_level_dn = {100.F, 200.F, 300.F, 400.F};
  // A gray wall at a fifth of white, as this camera's unequal channels see it.
  for (std::size_t i = 0; i < frame.mosaic.size(); ++i) {
    const int x = static_cast<int>(i % 400) % 2;
    const int y = static_cast<int>(i / 400) % 2;
    const float black = m.black_level_dn[static_cast<std::size_t>(2 * y + x)];
    const float gain = m.as_shot_gains[static_cast<std::size_t>(cfa_color_at(frame.cfa, x, y))];
    frame.mosaic[i] = static_cast<std::uint16_t>(std::lround(black + 0.2F / gain * (m.white_level_dn - black)));
  }
  const Picture preview = preview_of(frame, 100);
  EXPECT_EQ(preview.image.width_px(), 100);
  EXPECT_EQ(preview.image.height_px(), 74);  // whole cells
  // sRGB of 0.2: 1.055·0.2^(1/2.4) − 0.055. A step or two for the JPEG's chroma and the mosaic's whole numbers.
  for (const float sample : preview.image.samples()) EXPECT_NEAR(sample, 0.4845F, 3.F / 255.F);
}

TEST(DngMetadata, without_a_preview_the_mosaic_is_the_main_picture) {
  const test::TemporaryFolder folder;
  const RawFrame frame = frame_with_tags();
  write_dng(folder / "frame.dng", frame, {.preview_size_px = 0});
  const RawFrame read = read_raw_file(folder / "frame.dng");
  EXPECT_EQ(read.mosaic, frame.mosaic);
  EXPECT_EQ(read.metadata.model, "Model 1");
}

}  // namespace
}  // namespace rdenoise

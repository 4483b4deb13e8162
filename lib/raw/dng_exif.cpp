// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/dng_exif.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "raw/dng_tags.hpp"

namespace rdenoise {
namespace {

void add_iso(TiffDirectory& exif, float iso) {
  if (exif.has(tag::iso_speed) || iso <= 0.F) return;
  constexpr long most = 65535;
  const long rounded = std::lround(iso);
  exif.set_short(tag::iso_speed, static_cast<std::uint16_t>(std::clamp(rounded, 1L, most)));
  if (rounded > most && !exif.has(tag::sensitivity_type)) {
    // EXIF 2.3, 4.6.5: what does not fit goes here.
    constexpr std::uint16_t recommended_exposure_index = 2;
    exif.set_short(tag::sensitivity_type, recommended_exposure_index);
    exif.set_long(tag::recommended_exposure_index, static_cast<std::uint32_t>(rounded));
  }
}

void add_fact(TiffDirectory& exif, std::uint16_t tag, float value) {
  if (!exif.has(tag) && value > 0.F) exif.set_rational(tag, static_cast<double>(value));
}

void append_text(std::vector<std::byte>& bytes, std::string_view text) {
  std::ranges::transform(text, std::back_inserter(bytes), [](char c) { return static_cast<std::byte>(c); });
}

void append_big_endian(std::vector<std::byte>& bytes, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(value >> shift));
}

std::vector<std::byte> adobe_private_data(const MakerNote& note) {
  constexpr std::uint32_t head_bytes = 6;  // byte order and old offset
  std::vector<std::byte> data;
  append_text(data, std::string_view("Adobe\0MakN", 10));
  append_big_endian(data, head_bytes + static_cast<std::uint32_t>(note.bytes.size()));
  append_text(data, note.big_endian ? "MM" : "II");
  append_big_endian(data, note.original_offset_bytes);
  data.insert(data.end(), note.bytes.begin(), note.bytes.end());
  if (note.bytes.size() % 2 != 0) data.push_back(std::byte{0});  // blocks begin at even places
  return data;
}

bool says_safe(const TiffDirectory& main) {
  const auto found = main.entries().find(tag::maker_note_safety);
  return found != main.entries().end() && !found->second.value.empty() && found->second.value[0] == std::byte{1};
}

}  // namespace

TiffDirectory exif_directory(const RawMetadata& metadata) {
  TiffDirectory exif;
  exif.add_missing(metadata.carried.exif);
  if (!exif.has(tag::exif_version)) {
    constexpr std::byte version[4]{std::byte{'0'}, std::byte{'2'}, std::byte{'3'}, std::byte{'0'}};
    exif.set_undefined(tag::exif_version, version);
  }
  add_iso(exif, metadata.iso);
  add_fact(exif, tag::exposure_time, metadata.exposure_s);
  add_fact(exif, tag::f_number, metadata.aperture_f);
  add_fact(exif, tag::focal_length, metadata.focal_length_mm);
  constexpr std::size_t date_time_characters = 19;
  if (!exif.has(tag::date_time_original) && metadata.date_time.size() == date_time_characters) {
    exif.set_text(tag::date_time_original, metadata.date_time);
  }
  return exif;
}

void add_maker_note(const MakerNote& note, TiffDirectory& main, TiffDirectory& exif) {
  if (says_safe(main)) {
    exif.set_undefined(tag::maker_note, note.bytes);
  } else if (!main.has(tag::dng_private_data)) {
    const std::vector<std::byte> data = adobe_private_data(note);
    TiffEntry entry{tag::dng_private_data, tiff_type::byte, static_cast<std::uint32_t>(data.size()), data};
    main.set(std::move(entry));
  }
}

}  // namespace rdenoise

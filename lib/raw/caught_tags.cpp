// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/caught_tags.hpp"

#include <libraw/libraw.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "raw/carried_tags.hpp"
#include "raw/dng_tags.hpp"
#include "raw/tiff_directory.hpp"

namespace rdenoise {
namespace {

// Where LibRaw says that a tag comes from; whole directories are numbered from 16 on, in steps of 16.
constexpr unsigned exif_directory = 0;
constexpr unsigned gps_directory = 5;
constexpr unsigned first_directory = 16;

/// A gain map of a large sensor takes a few MiB.
constexpr std::size_t most_entry_bytes = std::size_t{16} << 20;

constexpr unsigned big_endian_order = 0x4d4d;

/// Bytes of one number: half of a fraction, else the whole value.
std::size_t number_bytes(std::uint16_t type) {
  const bool fraction = type == tiff_type::rational || type == tiff_type::signed_rational;
  return fraction ? 4 : tiff_type_bytes(type);
}

/// As many whole values as there are.
std::vector<std::byte> read_values(LibRaw_abstract_datastream& stream, std::uint32_t count, std::uint16_t type,
                                   bool big_endian) {
  const std::size_t size_bytes = tiff_type_bytes(type);
  const INT64 left = std::max<INT64>(stream.size() - stream.tell(), 0);
  const std::size_t whole = std::min<std::size_t>(count, static_cast<std::size_t>(left) / size_bytes);
  std::vector<std::byte> bytes(whole * size_bytes);
  if (!bytes.empty()) stream.read(bytes.data(), 1, bytes.size());
  if (big_endian) {
    const auto step = static_cast<std::ptrdiff_t>(number_bytes(type));
    for (auto number = bytes.begin(); number != bytes.end(); number += step) std::reverse(number, number + step);
  }
  return bytes;
}

template <typename Unsigned>
Unsigned load(const std::byte* bytes) {
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) value |= std::to_integer<Unsigned>(bytes[i]) << (8 * i);
  return value;
}

/// DNG 1.3, NoiseProfile: one pair (S, O) for all planes or one for each of R, G, B.
std::optional<NoiseProfile> parse_noise_profile(const TiffEntry& entry) {
  if (entry.type != tiff_type::double_float || (entry.count != 2 && entry.count != 6)) return std::nullopt;
  NoiseProfile profile{3, {}, 1.0};
  for (std::size_t c = 0; c < 3; ++c) {
    const std::byte* pair = entry.value.data() + (entry.count == 6 ? c * 2 * sizeof(double) : 0);
    const auto value = [&](std::size_t i) {
      return std::bit_cast<double>(load<std::uint64_t>(pair + i * sizeof(double)));
    };
    profile.channels[c] = {value(0), value(1), {}};
    if (!std::isfinite(value(0)) || !std::isfinite(value(1)) || value(0) < 0.0) return std::nullopt;
  }
  return profile;
}

std::vector<std::uint32_t> unsigned_integers(const TiffEntry& entry) {
  const std::size_t size_bytes = tiff_type_bytes(entry.type);
  std::vector<std::uint32_t> values(entry.value.size() / size_bytes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::byte* value = entry.value.data() + i * size_bytes;
    values[i] = size_bytes == 2 ? load<std::uint16_t>(value) : load<std::uint32_t>(value);
  }
  return values;
}

/// Files may have several EXIF blocks, the preview's own for one: the first that says a thing counts.
void add_first(std::vector<TiffEntry>& entries, TiffEntry entry) {
  if (std::ranges::find(entries, entry.tag, &TiffEntry::tag) == entries.end()) entries.push_back(std::move(entry));
}

std::vector<TiffEntry> only(const std::map<unsigned, std::vector<TiffEntry>>& directories, unsigned directory,
                            auto wanted) {
  std::vector<TiffEntry> entries;
  const auto found = directories.find(directory);
  if (found == directories.end()) return entries;
  std::ranges::copy_if(found->second, std::back_inserter(entries),
                       [&](const TiffEntry& entry) { return wanted(entry.tag); });
  return entries;
}

std::string text_of(const TiffEntry& entry) {
  std::string text(reinterpret_cast<const char*>(entry.value.data()), entry.value.size());
  return text.substr(0, text.find('\0'));
}

}  // namespace

void CaughtTags::catch_tag(void* context, int directory_and_tag, int type, int length, unsigned byte_order,
                           void* stream_pointer, long long base_bytes) {
  auto& caught = *static_cast<CaughtTags*>(context);
  auto& stream = *static_cast<LibRaw_abstract_datastream*>(stream_pointer);
  const auto tag = static_cast<std::uint16_t>(static_cast<unsigned>(directory_and_tag) & 0xffffU);
  const unsigned directory = static_cast<unsigned>(directory_and_tag) >> 16;
  const bool is_directory = directory >= first_directory;
  if (!is_directory && directory != exif_directory && directory != gps_directory) return;
  const auto entry_type = static_cast<std::uint16_t>(type);
  const std::size_t value_bytes = tiff_type_bytes(entry_type);
  if (length < 1 || value_bytes == 0 || static_cast<std::size_t>(length) > most_entry_bytes / value_bytes) return;
  const bool is_extent = is_directory && TiffExtents::wants(tag);
  const bool is_carried = is_directory ? tag == tag::xmp || tag == tag::noise_profile || tag == tag::dng_version ||
                                             exif_in_main_directory(tag) || carried_from_raw_directory(tag) ||
                                             carried_from_main_directory(tag, true)
                                       : true;
  if (!is_extent && !is_carried) return;

  const bool big_endian = byte_order == big_endian_order;
  const auto position_bytes = static_cast<std::uint64_t>(stream.tell());
  const auto count = static_cast<std::uint32_t>(length);
  TiffEntry entry{tag, entry_type, count, read_values(stream, count, entry_type, big_endian)};
  if (is_extent) {
    if (type != tiff_type::short_integer && type != tiff_type::long_integer) return;
    caught.extents_.add(directory, tag, unsigned_integers(entry), count, static_cast<std::uint32_t>(base_bytes));
    if (tag == tag::tile_offsets && count > 1) caught.extents_.set_list_position(directory, position_bytes);
  } else if (entry.value.size() == count * value_bytes) {
    caught.keep(directory, std::move(entry),
                static_cast<std::uint32_t>(position_bytes - static_cast<std::uint64_t>(base_bytes)), big_endian);
  }
}

void CaughtTags::keep(unsigned directory, TiffEntry entry, std::uint32_t position_bytes, bool big_endian) {
  if (entry.tag == tag::noise_profile && directory >= first_directory) {
    if (!noise_profile_) noise_profile_ = parse_noise_profile(entry);
  } else if (directory == gps_directory) {
    add_first(gps_, std::move(entry));
  } else if (directory == exif_directory && entry.tag == tag::maker_note) {
    if (!maker_note_) maker_note_ = MakerNote{std::move(entry.value), position_bytes, big_endian};
  } else if (directory == exif_directory) {
    if (carried_from_exif(entry.tag)) add_first(exif_, std::move(entry));
  } else if (entry.tag == tag::xmp) {
    if (xmp_.empty()) xmp_ = text_of(entry);
  } else {
    is_dng_ |= entry.tag == tag::dng_version;
    add_first(directories_[directory], std::move(entry));
  }
}

CarriedTags CaughtTags::carried(std::optional<unsigned> raw_directory, bool whole_sensor) const {
  CarriedTags carried;
  carried.camera =
      only(directories_, first_directory, [&](std::uint16_t tag) { return carried_from_main_directory(tag, is_dng_); });
  carried.exif = exif_;
  for (TiffEntry& entry : only(directories_, first_directory, exif_in_main_directory)) {
    add_first(carried.exif, std::move(entry));
  }
  if (is_dng_ && raw_directory) {
    carried.raw = only(directories_, *raw_directory, carried_from_raw_directory);
    // The first list is applied before the sensor's border is cut off.
    if (!whole_sensor) std::erase_if(carried.raw, [](const TiffEntry& e) { return e.tag == tag::opcode_list_1; });
  }
  carried.gps = gps_;
  carried.maker_note = maker_note_;
  const auto name = std::ranges::find(carried.camera, std::uint16_t{tag::original_raw_file_name}, &TiffEntry::tag);
  if (name != carried.camera.end()) {
    carried.original_file_name = text_of(*name);
    carried.camera.erase(name);
  }
  return carried;
}

}  // namespace rdenoise

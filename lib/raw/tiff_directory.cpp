// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/tiff_directory.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "raw/dng_tags.hpp"
#include "raw/little_endian.hpp"
#include "raw/rational.hpp"

namespace rdenoise {
namespace {

TiffEntry entry_of(std::uint16_t tag, std::uint16_t type, std::size_t count) {
  return {tag, type, static_cast<std::uint32_t>(count), {}};
}

template <typename Integer>
TiffEntry integers(std::uint16_t tag, std::uint16_t type, std::span<const Integer> values) {
  TiffEntry entry = entry_of(tag, type, values.size());
  for (const Integer value : values) append_little_endian(entry.value, value);
  return entry;
}

TiffEntry fractions(std::uint16_t tag, std::uint16_t type, std::span<const double> values) {
  TiffEntry entry = entry_of(tag, type, values.size());
  for (const double value : values) {
    const Rational rational = nearest_rational(value);
    append_little_endian(entry.value, static_cast<std::int32_t>(rational.numerator));
    append_little_endian(entry.value, static_cast<std::int32_t>(rational.denominator));
  }
  return entry;
}

}  // namespace

std::size_t tiff_type_bytes(std::uint16_t type) noexcept {
  constexpr std::array<std::size_t, 14> sizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};
  return type < sizes.size() ? sizes[type] : 0;
}

void TiffDirectory::set(TiffEntry entry) {
  const std::uint16_t tag = entry.tag;
  entries_.insert_or_assign(tag, std::move(entry));
}

void TiffDirectory::add_missing(std::span<const TiffEntry> entries) {
  for (const TiffEntry& entry : entries) entries_.try_emplace(entry.tag, entry);
}

void TiffDirectory::set_bytes(std::uint16_t tag, std::span<const std::uint8_t> values) {
  set(integers(tag, tiff_type::byte, values));
}

void TiffDirectory::set_undefined(std::uint16_t tag, std::span<const std::byte> value) {
  TiffEntry entry = entry_of(tag, tiff_type::undefined, value.size());
  entry.value.assign(value.begin(), value.end());
  set(std::move(entry));
}

void TiffDirectory::set_text(std::uint16_t tag, std::string_view text) {
  if (text.empty()) return;
  TiffEntry entry = entry_of(tag, tiff_type::text, text.size() + 1);
  std::ranges::transform(text, std::back_inserter(entry.value), [](char c) { return static_cast<std::byte>(c); });
  entry.value.push_back(std::byte{0});
  set(std::move(entry));
}

void TiffDirectory::set_shorts(std::uint16_t tag, std::span<const std::uint16_t> values) {
  set(integers(tag, tiff_type::short_integer, values));
}

void TiffDirectory::set_longs(std::uint16_t tag, std::span<const std::uint32_t> values) {
  set(integers(tag, tiff_type::long_integer, values));
}

void TiffDirectory::set_rationals(std::uint16_t tag, std::span<const double> values) {
  set(fractions(tag, tiff_type::rational, values));
}

void TiffDirectory::set_signed_rationals(std::uint16_t tag, std::span<const double> values) {
  set(fractions(tag, tiff_type::signed_rational, values));
}

void TiffDirectory::set_doubles(std::uint16_t tag, std::span<const double> values) {
  TiffEntry entry = entry_of(tag, tiff_type::double_float, values.size());
  for (const double value : values) append_little_endian(entry.value, std::bit_cast<std::uint64_t>(value));
  set(std::move(entry));
}

}  // namespace rdenoise

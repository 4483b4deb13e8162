// SPDX-License-Identifier: LGPL-2.1-or-later
// A TIFF image file directory being made.
#pragma once

#include <cstdint>
#include <map>
#include <rdenoise/raw_tags.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace rdenoise {

/// Bytes of one value of a TIFF type; 0 for a type that TIFF 6.0 does not know.
[[nodiscard]] std::size_t tiff_type_bytes(std::uint16_t type) noexcept;

/// Entries by tag, as TIFF wants them sorted. Each set replaces what was there.
class TiffDirectory {
 public:
  void set(TiffEntry entry);
  /// Entries of which the directory has none yet.
  void add_missing(std::span<const TiffEntry> entries);
  void erase(std::uint16_t tag) { entries_.erase(tag); }

  void set_bytes(std::uint16_t tag, std::span<const std::uint8_t> values);
  void set_undefined(std::uint16_t tag, std::span<const std::byte> value);
  /// With the closing zero; nothing is set for an empty text.
  void set_text(std::uint16_t tag, std::string_view text);
  void set_shorts(std::uint16_t tag, std::span<const std::uint16_t> values);
  void set_longs(std::uint16_t tag, std::span<const std::uint32_t> values);
  void set_rationals(std::uint16_t tag, std::span<const double> values);
  void set_signed_rationals(std::uint16_t tag, std::span<const double> values);
  void set_doubles(std::uint16_t tag, std::span<const double> values);
  void set_short(std::uint16_t tag, std::uint16_t value) { set_shorts(tag, {&value, 1}); }
  void set_long(std::uint16_t tag, std::uint32_t value) { set_longs(tag, {&value, 1}); }
  void set_rational(std::uint16_t tag, double value) { set_rationals(tag, {&value, 1}); }

  [[nodiscard]] bool has(std::uint16_t tag) const { return entries_.contains(tag); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] const std::map<std::uint16_t, TiffEntry>& entries() const noexcept { return entries_; }

 private:
  std::map<std::uint16_t, TiffEntry> entries_;
};

}  // namespace rdenoise

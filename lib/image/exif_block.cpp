// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/exif_block.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <optional>

namespace rdenoise {
namespace {

constexpr std::uint16_t exif_directory_tag = 0x8769;
constexpr std::uint16_t gps_directory_tag = 0x8825;

enum Type : std::uint16_t {
  byte = 1,
  ascii,
  short_integer,
  long_integer,
  rational,
  signed_byte,
  undefined,
  signed_short,
  signed_long,
  signed_rational,
  single_float,
  double_float
};

std::size_t bytes_of(std::uint16_t type) noexcept {
  constexpr std::array<std::size_t, 13> sizes{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
  return type < sizes.size() ? sizes[type] : 0;
}

class Block {
 public:
  explicit Block(std::span<const std::byte> bytes) : bytes_(bytes) {
    big_endian_ = bytes.size() > 1 && bytes[0] == std::byte{'M'};
  }

  /// Of up to 8 bytes; nothing beyond the end.
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t offset, std::size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t position = big_endian_ ? i : size - 1 - i;
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[offset + position]);
    }
    return value;
  }

  [[nodiscard]] std::vector<ExifEntry> directory(std::uint64_t offset) const {
    std::vector<ExifEntry> entries;
    const std::uint64_t count = number(offset, 2).value_or(0);
    constexpr std::uint64_t entry_bytes = 12;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (std::optional<ExifEntry> found = entry(offset + 2 + i * entry_bytes)) entries.push_back(std::move(*found));
    }
    return entries;
  }

 private:
  [[nodiscard]] std::optional<ExifEntry> entry(std::uint64_t at) const {
    const auto tag = number(at, 2);
    const auto type = static_cast<std::uint16_t>(number(at + 2, 2).value_or(0));
    const auto count = number(at + 4, 4);
    const std::size_t size = bytes_of(type);
    if (!tag || !count || size == 0 || *count > bytes_.size() / size) return std::nullopt;
    constexpr std::uint64_t inline_bytes = 4;
    const std::uint64_t values = *count * size <= inline_bytes ? at + 8 : number(at + 8, 4).value_or(bytes_.size());
    ExifEntry result;
    result.tag = static_cast<std::uint16_t>(*tag);
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto bits = number(values + i * size, size);
      if (!bits) return std::nullopt;
      if (type == ascii) {
        result.text.push_back(static_cast<char>(*bits));
        continue;
      }
      result.numbers.push_back(value_of(values + i * size, *bits, type));
      if (!std::isfinite(result.numbers.back())) return std::nullopt;
    }
    while (!result.text.empty() && result.text.back() == '\0') result.text.pop_back();
    return result;
  }

  [[nodiscard]] double value_of(std::uint64_t offset, std::uint64_t bits, std::uint16_t type) const {
    switch (type) {
      case rational:
        return static_cast<double>(*number(offset, 4)) / static_cast<double>(*number(offset + 4, 4));
      case signed_rational:
        return static_cast<double>(static_cast<std::int32_t>(*number(offset, 4))) /
               static_cast<double>(static_cast<std::int32_t>(*number(offset + 4, 4)));
      case signed_byte:
        return static_cast<std::int8_t>(bits);
      case signed_short:
        return static_cast<std::int16_t>(bits);
      case signed_long:
        return static_cast<std::int32_t>(bits);
      case single_float:
        return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
      case double_float:
        return std::bit_cast<double>(bits);
      default:
        return static_cast<double>(bits);
    }
  }

  std::span<const std::byte> bytes_;
  bool big_endian_ = false;
};

}  // namespace

ExifDirectories parse_exif_block(std::span<const std::byte> bytes) {
  const Block block(bytes);
  const auto offset = block.number(4, 4);
  if (!offset) return {};
  ExifDirectories directories;
  directories.main = block.directory(*offset);
  for (const ExifEntry& entry : directories.main) {
    if (entry.numbers.size() != 1) continue;
    if (entry.tag == exif_directory_tag)
      directories.exif = block.directory(static_cast<std::uint64_t>(entry.numbers[0]));
    if (entry.tag == gps_directory_tag) directories.gps = block.directory(static_cast<std::uint64_t>(entry.numbers[0]));
  }
  return directories;
}

}  // namespace rdenoise

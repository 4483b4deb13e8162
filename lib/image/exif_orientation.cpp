// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/exif_orientation.hpp"

#include <array>
#include <cstdint>

namespace rdenoise {
namespace {

constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::size_t entry_bytes = 12;

/// The little- or big-endian number of `count` bytes; 0 beyond the end.
std::uint32_t number_at(std::span<const std::byte> block, std::size_t offset, std::size_t count,
                        bool big_endian) noexcept {
  if (offset > block.size() || count > block.size() - offset) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t position = big_endian ? i : count - 1 - i;
    value = value << 8 | std::to_integer<std::uint32_t>(block[offset + position]);
  }
  return value;
}

}  // namespace

int exif_orientation(std::span<const std::byte> exif) noexcept {
  if (exif.empty()) return 1;
  const bool big_endian = exif[0] == std::byte{'M'};
  const std::size_t directory = number_at(exif, 4, 4, big_endian);
  const std::size_t entry_count = number_at(exif, directory, 2, big_endian);
  for (std::size_t i = 0; i < entry_count; ++i) {
    const std::size_t entry = directory + 2 + i * entry_bytes;
    if (entry >= exif.size()) return 1;
    if (number_at(exif, entry, 2, big_endian) != orientation_tag) continue;
    const std::uint32_t orientation = number_at(exif, entry + 8, 2, big_endian);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

std::vector<std::byte> exif_with_orientation(int orientation) {
  constexpr unsigned char type_short = 3;
  const std::array<unsigned char, 26> block = {
      'I',  'I',  42,         0, 8, 0, 0, 0,                                              // header: directory at byte 8
      1,    0,                                                                            // one entry
      0x12, 0x01, type_short, 0, 1, 0, 0, 0, static_cast<unsigned char>(orientation), 0,  // the tag
      0,    0,    0,          0, 0, 0};                                                   // and no next directory
  const auto* first = reinterpret_cast<const std::byte*>(block.data());
  return {first, first + block.size()};
}

}  // namespace rdenoise

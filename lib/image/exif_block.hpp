// SPDX-License-Identifier: LGPL-2.1-or-later
// The entries of an EXIF block, for formats that keep them otherwise than as a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// One entry with its values as plain numbers or text.
struct ExifEntry {
  std::uint16_t tag = 0;
  std::vector<double> numbers;  ///< of whole numbers, fractions, floats and undefined bytes
  std::string text;             ///< of type text, without the closing zero
};

struct ExifDirectories {
  std::vector<ExifEntry> main;
  std::vector<ExifEntry> exif;
  std::vector<ExifEntry> gps;
};

/// Entries that are damaged, of an unknown type, or with a fraction that is no number are left out.
///
/// block  TIFF-structured, as Picture::exif (EXIF 2.3, 4.5 and 4.6.2)
[[nodiscard]] ExifDirectories parse_exif_block(std::span<const std::byte> block);

}  // namespace rdenoise

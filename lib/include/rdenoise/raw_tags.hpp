// SPDX-License-Identifier: LGPL-2.1-or-later
// What a RAW file carries for people and for other programs: passed on from file to file, not understood here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rdenoise {

/// One entry of a TIFF directory (TIFF 6.0, section 2).
struct TiffEntry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;        ///< 1 byte, 2 text, 3 short, 4 long, 5 rational, …
  std::uint32_t count = 0;       ///< of values
  std::vector<std::byte> value;  ///< numbers are little-endian, whatever the file was

  bool operator==(const TiffEntry&) const = default;
};

/// A camera maker's own block of EXIF. Its offsets often count from the start of the file it was in.
struct MakerNote {
  std::vector<std::byte> bytes;
  std::uint32_t original_offset_bytes = 0;  ///< from the TIFF header that the file's offsets count from
  bool big_endian = false;                  ///< byte order of that file

  bool operator==(const MakerNote&) const = default;
};

/// Entries that a DNG made of this photo should have again. Where an entry and a parsed fact of RawMetadata tell the
/// same (ISO, colour matrix, white balance, …), the entry is what is written; clear it to write the fact.
struct CarriedTags {
  std::vector<TiffEntry> camera;  ///< of the main directory: author, rights; of a DNG also its colour facts
  std::vector<TiffEntry> raw;     ///< of a DNG's mosaic: default crop, corrections of the lens (opcode lists), …
  std::vector<TiffEntry> exif;
  std::vector<TiffEntry> gps;
  std::optional<MakerNote> maker_note;
  std::string xmp;                 ///< the packet, without a record of this program
  std::string original_file_name;  ///< of the camera's file; empty if unknown

  bool operator==(const CarriedTags&) const = default;
};

}  // namespace rdenoise

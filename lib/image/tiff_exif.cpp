// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image/tiff_exif.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace rdenoise {
namespace {

template <typename Value>
void set_array(TIFF* tiff, const TIFFField* field, const std::vector<double>& numbers) {
  std::vector<Value> values;
  for (const double number : numbers) values.push_back(static_cast<Value>(number));
  const std::uint32_t tag = TIFFFieldTag(field);
  if (TIFFFieldPassCount(field) == 0) {
    TIFFSetField(tiff, tag, values.data());
  } else if (TIFFFieldWriteCount(field) == TIFF_VARIABLE2) {
    TIFFSetField(tiff, tag, static_cast<std::uint32_t>(values.size()), values.data());
  } else {
    TIFFSetField(tiff, tag, static_cast<int>(values.size()), values.data());
  }
}

void set_numbers(TIFF* tiff, const TIFFField* field, const std::vector<double>& numbers) {
  switch (TIFFFieldDataType(field)) {
    case TIFF_BYTE:
    case TIFF_UNDEFINED:
      return set_array<std::uint8_t>(tiff, field, numbers);
    case TIFF_SBYTE:
      return set_array<std::int8_t>(tiff, field, numbers);
    case TIFF_SHORT:
      return set_array<std::uint16_t>(tiff, field, numbers);
    case TIFF_SSHORT:
      return set_array<std::int16_t>(tiff, field, numbers);
    case TIFF_LONG:
      return set_array<std::uint32_t>(tiff, field, numbers);
    case TIFF_SLONG:
      return set_array<std::int32_t>(tiff, field, numbers);
    case TIFF_RATIONAL:
    case TIFF_SRATIONAL:
    case TIFF_FLOAT:
    case TIFF_DOUBLE:
      // libtiff keeps some fractions as float and some as double.
      if (TIFFFieldSetGetSize(field) == sizeof(double)) return set_array<double>(tiff, field, numbers);
      return set_array<float>(tiff, field, numbers);
    default:
      return;
  }
}

/// A single value is passed by itself, as C passes it to a variable list: int, unsigned or double.
void set_number(TIFF* tiff, const TIFFField* field, double number) {
  const std::uint32_t tag = TIFFFieldTag(field);
  switch (TIFFFieldDataType(field)) {
    case TIFF_BYTE:
    case TIFF_UNDEFINED:
    case TIFF_SBYTE:
    case TIFF_SHORT:
    case TIFF_SSHORT:
    case TIFF_SLONG:
      TIFFSetField(tiff, tag, static_cast<int>(number));
      return;
    case TIFF_LONG:
      TIFFSetField(tiff, tag, static_cast<std::uint32_t>(number));
      return;
    case TIFF_RATIONAL:
    case TIFF_SRATIONAL:
    case TIFF_FLOAT:
    case TIFF_DOUBLE:
      TIFFSetField(tiff, tag, number);
      return;
    default:
      return;
  }
}

void set_entry(TIFF* tiff, const ExifEntry& entry) {
  const TIFFField* field = TIFFFindField(tiff, entry.tag, TIFF_ANY);
  if (field == nullptr) return;
  const int count = TIFFFieldWriteCount(field);
  const bool any_count = count == TIFF_VARIABLE || count == TIFF_VARIABLE2;
  const bool is_text = TIFFFieldDataType(field) == TIFF_ASCII;
  if (is_text != entry.numbers.empty()) return;
  if (is_text) {
    if (TIFFFieldPassCount(field) == 0) TIFFSetField(tiff, entry.tag, entry.text.c_str());
  } else if (count == 1 && entry.numbers.size() == 1 && TIFFFieldPassCount(field) == 0) {
    set_number(tiff, field, entry.numbers[0]);
  } else if (any_count ? TIFFFieldPassCount(field) != 0 : static_cast<std::size_t>(count) == entry.numbers.size()) {
    set_numbers(tiff, field, entry.numbers);
  }
}

std::optional<std::uint64_t> written(TIFF* tiff, const std::vector<ExifEntry>& entries) {
  // Sizes are for JPEG only (EXIF 2.3, 4.6.8).
  constexpr std::uint16_t pixel_x_dimension = 0xA002;
  constexpr std::uint16_t pixel_y_dimension = 0xA003;
  for (const ExifEntry& entry : entries)
    if (entry.tag != pixel_x_dimension && entry.tag != pixel_y_dimension) set_entry(tiff, entry);
  std::uint64_t offset = 0;
  if (TIFFWriteCustomDirectory(tiff, &offset) != 1) return std::nullopt;
  return offset;
}

}  // namespace

TiffExifOffsets write_exif_directories(TIFF* tiff, const ExifDirectories& directories) {
  TiffExifOffsets offsets;
  if (!directories.exif.empty() && TIFFCreateEXIFDirectory(tiff) == 0) offsets.exif = written(tiff, directories.exif);
  if (!directories.gps.empty() && TIFFCreateGPSDirectory(tiff) == 0) offsets.gps = written(tiff, directories.gps);
  TIFFFreeDirectory(tiff);
  TIFFCreateDirectory(tiff);
  return offsets;
}

void set_exif_fields(TIFF* tiff, const ExifDirectories& directories, const TiffExifOffsets& offsets) {
  constexpr std::array<std::uint16_t, 10> of_pictures{
      TIFFTAG_XRESOLUTION, TIFFTAG_YRESOLUTION, TIFFTAG_RESOLUTIONUNIT, TIFFTAG_IMAGEDESCRIPTION, TIFFTAG_MAKE,
      TIFFTAG_MODEL,       TIFFTAG_SOFTWARE,    TIFFTAG_DATETIME,       TIFFTAG_ARTIST,           TIFFTAG_COPYRIGHT};
  for (const ExifEntry& entry : directories.main)
    if (std::ranges::find(of_pictures, entry.tag) != of_pictures.end()) set_entry(tiff, entry);
  if (offsets.exif) TIFFSetField(tiff, TIFFTAG_EXIFIFD, *offsets.exif);
  if (offsets.gps) TIFFSetField(tiff, TIFFTAG_GPSIFD, *offsets.gps);
}

}  // namespace rdenoise

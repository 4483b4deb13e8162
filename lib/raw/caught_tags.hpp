// SPDX-License-Identifier: LGPL-2.1-or-later
// What LibRaw reads past but keeps to itself, caught while it parses. It knows where every maker keeps EXIF (TIFF, CR3
// boxes, RAF's embedded JPEG, …), so no other EXIF library is needed.
#pragma once

#include <map>
#include <optional>
#include <rdenoise/noise.hpp>
#include <rdenoise/raw_tags.hpp>
#include <string>
#include <vector>

#include "raw/tiff_extents.hpp"

namespace rdenoise {

class CaughtTags {
 public:
  /// LibRaw's exif_parser_callback; `context` is the CaughtTags.
  static void catch_tag(void* context, int directory_and_tag, int type, int length, unsigned byte_order, void* stream,
                        long long base_bytes);

  [[nodiscard]] const TiffExtents& extents() const noexcept { return extents_; }
  [[nodiscard]] const std::optional<NoiseProfile>& noise_profile() const noexcept { return noise_profile_; }
  [[nodiscard]] const std::string& xmp() const noexcept { return xmp_; }

  /// All that is to be passed on but for the XMP.
  ///
  /// raw_directory  of the mosaic, as TiffExtents counts; nothing if it lies in none
  /// whole_sensor   the mosaic was not cropped: places within the sensor still hold
  [[nodiscard]] CarriedTags carried(std::optional<unsigned> raw_directory, bool whole_sensor) const;

 private:
  void keep(unsigned directory, TiffEntry entry, std::uint32_t position_bytes, bool big_endian);

  TiffExtents extents_;
  std::optional<NoiseProfile> noise_profile_;
  std::string xmp_;
  std::map<unsigned, std::vector<TiffEntry>> directories_;
  std::vector<TiffEntry> exif_;
  std::vector<TiffEntry> gps_;
  std::optional<MakerNote> maker_note_;
  bool is_dng_ = false;
};

}  // namespace rdenoise

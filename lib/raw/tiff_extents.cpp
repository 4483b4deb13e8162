// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/tiff_extents.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace rdenoise {
namespace {

enum Tag : unsigned {
  image_width = 0x100,
  image_length = 0x101,
  compression = 0x103,
  photometric_interpretation = 0x106,
  strip_offsets = 0x111,
  strip_byte_counts = 0x117,
  tile_offsets = 0x144,
  tile_byte_counts = 0x145
};

constexpr std::array wanted_tags{image_width,   image_length,      compression,  photometric_interpretation,
                                 strip_offsets, strip_byte_counts, tile_offsets, tile_byte_counts};

}  // namespace

bool TiffPicture::lies_within(std::uint64_t file_size_bytes) const noexcept {
  if (cut_short || offsets.empty()) return false;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const std::uint64_t size = i < byte_counts.size() ? byte_counts[i] : 0;
    if (offsets[i] >= file_size_bytes || offsets[i] + size > file_size_bytes) return false;
  }
  return true;
}

bool TiffPicture::holds_pixels(std::uint64_t file_size_bytes) const noexcept {
  if (!lies_within(file_size_bytes)) return false;
  // No codec for photographs reaches an eighth of a bit per pixel.
  constexpr std::uint64_t most_pixels_per_byte = 64;
  const std::uint64_t bytes = std::accumulate(byte_counts.begin(), byte_counts.end(), std::uint64_t{0});
  const std::uint64_t pixel_count = std::uint64_t{width_px} * height_px;
  return pixel_count > 0 && bytes * most_pixels_per_byte >= pixel_count;
}

bool TiffExtents::wants(unsigned tag) noexcept { return std::ranges::find(wanted_tags, tag) != wanted_tags.end(); }

void TiffExtents::add(unsigned directory, unsigned tag, std::span<const std::uint32_t> values, std::uint32_t count,
                      std::uint32_t base_bytes) {
  TiffPicture& picture = directories_[directory].picture;
  const std::uint32_t first = values.empty() ? 0 : values.front();
  switch (tag) {
    case image_width:
      picture.width_px = first;
      break;
    case image_length:
      picture.height_px = first;
      break;
    case compression:
      picture.compression = first;
      break;
    case photometric_interpretation:
      picture.photometric = first;
      break;
    case strip_offsets:
    case tile_offsets:
      picture.offsets.assign(values.begin(), values.end());
      for (std::uint32_t& offset : picture.offsets) offset += base_bytes;
      picture.cut_short |= values.size() < count;
      break;
    case strip_byte_counts:
    case tile_byte_counts:
      picture.byte_counts.assign(values.begin(), values.end());
      picture.cut_short |= values.size() < count;
      break;
    default:
      break;
  }
}

void TiffExtents::set_list_position(unsigned directory, std::uint64_t position_bytes) {
  directories_[directory].list_position_bytes = position_bytes;
}

std::optional<unsigned> TiffExtents::directory_at(std::uint64_t offset_bytes) const noexcept {
  for (const auto& [directory, entry] : directories_) {
    const auto& offsets = entry.picture.offsets;
    const bool starts_here = !offsets.empty() && offsets.front() == offset_bytes;
    if (starts_here || (entry.list_position_bytes != 0 && entry.list_position_bytes == offset_bytes)) return directory;
  }
  return std::nullopt;
}

const TiffPicture* TiffExtents::at(std::uint64_t offset_bytes) const noexcept {
  const auto directory = directory_at(offset_bytes);
  return directory ? &directories_.find(*directory)->second.picture : nullptr;
}

const TiffPicture* TiffExtents::largest_whole(std::uint64_t file_size_bytes) const noexcept {
  const TiffPicture* largest = nullptr;
  const auto area = [](const TiffPicture& p) { return std::uint64_t{p.width_px} * p.height_px; };
  for (const auto& [directory, entry] : directories_) {
    if (!entry.picture.holds_pixels(file_size_bytes)) continue;
    if (largest == nullptr || area(entry.picture) > area(*largest)) largest = &entry.picture;
  }
  return largest;
}

std::string compression_name(std::uint32_t compression) {
  constexpr std::array<std::pair<std::uint32_t, const char*>, 9> names{{{1, "none"},
                                                                        {5, "LZW"},
                                                                        {6, "old JPEG"},
                                                                        {7, "JPEG"},
                                                                        {8, "deflate"},
                                                                        {9, "VC-5"},
                                                                        {32946, "deflate"},
                                                                        {34892, "lossy JPEG"},
                                                                        {52546, "JPEG XL"}}};
  const auto* found = std::ranges::find(names, compression, &std::pair<std::uint32_t, const char*>::first);
  const std::string number = std::to_string(compression);
  return found == names.end() ? number : std::string(found->second) + " (" + number + ")";
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the pictures of a TIFF-like file say that their bytes lie, held against the bytes that are there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rdenoise {

/// The tags of one image file directory that tell what it holds and where.
struct TiffPicture {
  std::uint32_t width_px = 0;
  std::uint32_t height_px = 0;
  std::uint32_t compression = 0;
  std::uint32_t photometric = 0;
  std::vector<std::uint32_t> offsets;  ///< of strips or tiles, from the start of the file
  std::vector<std::uint32_t> byte_counts;
  bool cut_short = false;  ///< the lists themselves run beyond the end of the file

  /// True if there are strips or tiles, all of them within a file of this size.
  [[nodiscard]] bool lies_within(std::uint64_t file_size_bytes) const noexcept;
  /// True if its strips or tiles lie within the file and are not absurdly small for the picture's size.
  [[nodiscard]] bool holds_pixels(std::uint64_t file_size_bytes) const noexcept;
};

/// Collects TIFF tags while somebody else parses the file.
class TiffExtents {
 public:
  /// True for the tags that add() wants.
  [[nodiscard]] static bool wants(unsigned tag) noexcept;

  /// The values of one tag of a directory.
  ///
  /// values       what could be read
  /// count        how many there should be
  /// base_bytes   offsets count from here
  void add(unsigned directory, unsigned tag, std::span<const std::uint32_t> values, std::uint32_t count,
           std::uint32_t base_bytes);

  /// The directory that at() would find.
  [[nodiscard]] std::optional<unsigned> directory_at(std::uint64_t offset_bytes) const noexcept;
  /// The picture whose first strip or tile is at `offset_bytes`, or whose list of several tiles is stored there.
  [[nodiscard]] const TiffPicture* at(std::uint64_t offset_bytes) const noexcept;
  /// Remembers where the list of tile offsets of a directory is stored.
  void set_list_position(unsigned directory, std::uint64_t position_bytes);

  /// The largest picture that holds_pixels(); nullptr if there is none.
  [[nodiscard]] const TiffPicture* largest_whole(std::uint64_t file_size_bytes) const noexcept;

 private:
  struct Entry {
    TiffPicture picture;
    std::uint64_t list_position_bytes = 0;
  };
  std::map<unsigned, Entry> directories_;
};

/// "VC-5 (9)", "deflate (8)", …
[[nodiscard]] std::string compression_name(std::uint32_t compression);

}  // namespace rdenoise

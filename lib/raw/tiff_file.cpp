// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw/tiff_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <rdenoise/error.hpp>
#include <system_error>

#include "image/output_file.hpp"
#include "raw/dng_tags.hpp"
#include "raw/little_endian.hpp"

namespace rdenoise {
namespace {

constexpr std::uint32_t header_bytes = 8;
constexpr std::size_t inline_bytes = 4;

std::uint64_t even(std::uint64_t bytes) { return bytes + bytes % 2; }

/// Directories one behind the other, each followed by the values that it has no room for.
class Layout {
 public:
  Layout(const TiffPart& main, const std::string& name) : name_(name) {
    append_little_endian(bytes_, std::uint16_t{0x4949});
    append_little_endian(bytes_, std::uint16_t{42});
    append_little_endian(bytes_, header_bytes);
    pixels_begin_ = header_bytes + directory_bytes(main);
    next_pixels_ = pixels_begin_;
    place(main);
  }

  [[nodiscard]] const std::vector<std::byte>& directories() const noexcept { return bytes_; }
  [[nodiscard]] const std::vector<std::span<const std::byte>>& pixels() const noexcept { return pixels_; }

 private:
  static std::uint64_t list_bytes(std::size_t count) { return count > 1 ? sizeof(std::uint32_t) * count : 0; }

  static std::size_t entry_count(const TiffPart& part) {
    return part.directory.entries().size() + (part.pixels.empty() ? 0 : 2) + part.children.size();
  }

  /// Of one part and all that hangs on it.
  static std::uint64_t directory_bytes(const TiffPart& part) {
    constexpr std::uint64_t entry_bytes = 12;
    std::uint64_t size = 2 + entry_bytes * entry_count(part) + 4 + 2 * list_bytes(part.pixels.size());
    for (const auto& [tag, entry] : part.directory.entries()) {
      if (entry.value.size() > inline_bytes) size += even(entry.value.size());
    }
    for (const auto& [tag, child] : part.children) size += directory_bytes(child);
    return size;
  }

  std::uint32_t offset(std::uint64_t position) const {
    if (position > std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::unsupported, "writing " + name_ + ": expected at most 4 GiB, found more");
    }
    return static_cast<std::uint32_t>(position);
  }

  /// The directory's own entries, those of its pixels, and those that point to its children.
  TiffDirectory complete(const TiffPart& part, std::uint64_t first_child) {
    TiffDirectory directory = part.directory;
    if (!part.pixels.empty()) {
      std::vector<std::uint32_t> offsets, sizes;
      for (const auto& chunk : part.pixels) {
        offsets.push_back(offset(next_pixels_));
        sizes.push_back(offset(chunk.size()));
        next_pixels_ += even(chunk.size());
        pixels_.push_back(chunk);
      }
      const bool tiles = directory.has(tag::tile_width);
      directory.set_longs(tiles ? tag::tile_offsets : tag::strip_offsets, offsets);
      directory.set_longs(tiles ? tag::tile_byte_counts : tag::strip_byte_counts, sizes);
    }
    for (const auto& [tag, child] : part.children) {
      directory.set_long(tag, offset(first_child));
      first_child += directory_bytes(child);
    }
    return directory;
  }

  void place(const TiffPart& part) {
    std::uint64_t children_bytes = 0;
    for (const auto& [tag, child] : part.children) children_bytes += directory_bytes(child);
    const TiffDirectory directory = complete(part, bytes_.size() + directory_bytes(part) - children_bytes);
    append_little_endian(bytes_, static_cast<std::uint16_t>(directory.entries().size()));
    constexpr std::size_t entry_bytes = 12;
    std::uint64_t value_position = bytes_.size() + entry_bytes * directory.entries().size() + 4;
    std::vector<std::byte> values;
    for (const auto& [tag, entry] : directory.entries()) {
      append_little_endian(bytes_, entry.tag);
      append_little_endian(bytes_, entry.type);
      append_little_endian(bytes_, entry.count);
      if (entry.value.size() <= inline_bytes) {
        std::vector<std::byte> value = entry.value;
        value.resize(inline_bytes);
        bytes_.insert(bytes_.end(), value.begin(), value.end());
        continue;
      }
      append_little_endian(bytes_, offset(value_position + values.size()));
      values.insert(values.end(), entry.value.begin(), entry.value.end());
      values.resize(even(values.size()));
    }
    append_little_endian(bytes_, std::uint32_t{0});
    bytes_.insert(bytes_.end(), values.begin(), values.end());
    for (const auto& [tag, child] : part.children) place(child);
  }

  const std::string& name_;
  std::vector<std::byte> bytes_;
  std::vector<std::span<const std::byte>> pixels_;
  std::uint64_t pixels_begin_ = 0;
  std::uint64_t next_pixels_ = 0;
};

void write(OutputFile& file, std::span<const std::byte> bytes, const std::string& name) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    throw_write_error(name, std::generic_category().message(errno));
  }
}

}  // namespace

void write_tiff_parts(const std::filesystem::path& path, const std::string& name, const TiffPart& main) {
  const Layout layout(main, name);
  OutputFile file(path, name);
  write(file, layout.directories(), name);
  for (const auto& chunk : layout.pixels()) {
    write(file, chunk, name);
    // TIFF wants offsets to be even; the last strip needs no filler.
    constexpr std::byte filler[1]{};
    if (chunk.size() % 2 != 0 && &chunk != &layout.pixels().back()) write(file, filler, name);
  }
  file.close();
}

std::vector<std::byte> tiff_block(const TiffPart& main) { return Layout(main, "a block of EXIF").directories(); }

}  // namespace rdenoise

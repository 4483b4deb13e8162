// SPDX-License-Identifier: LGPL-2.1-or-later
// Readers and writers of the single file formats. Readers take the whole file, so that they can tell a lie from a truth
// before they allocate; writers write to the (temporary) path that they are given.
#pragma once

#include <cstdint>
#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <span>
#include <string>

namespace rdenoise {

struct PictureSource {
  std::span<const std::byte> bytes;
  std::string name;  ///< for messages
};

struct PictureTarget {
  std::filesystem::path path;  ///< temporary
  std::string name;            ///< the final one, for messages
};

/// Refuses a picture that cannot come from this file, before memory is taken for it.
/// bits_per_pixel  as stored, before compression
/// max_expansion   how many bytes the compression can make of one at best
/// throws  Error{corrupt} if the file is too small for it, Error{unsupported} if nothing here handles so many pixels
void check_picture_size(const PictureSource& source, std::uint64_t width_px, std::uint64_t height_px,
                        std::uint64_t bits_per_pixel, std::uint64_t max_expansion);

[[noreturn]] void throw_corrupt(const PictureSource& source, const std::string& found);
[[noreturn]] void throw_unsupported(const PictureSource& source, const std::string& expected_and_found);

/// By the first bytes; read_picture() without the file system.
[[nodiscard]] Picture decode_picture(const PictureSource& source);

[[nodiscard]] Picture read_png(const PictureSource& source);
[[nodiscard]] Picture read_jpeg(const PictureSource& source);
[[nodiscard]] Picture read_tiff(const PictureSource& source);
[[nodiscard]] Picture read_pnm(const PictureSource& source);

void write_png(const PictureTarget& target, const Picture& picture, int bit_depth);
[[nodiscard]] std::vector<std::byte> encode_png_samples(const Picture& picture, int bit_depth);
void write_jpeg(const PictureTarget& target, const Picture& picture, const JpegOptions& options);
void write_tiff(const PictureTarget& target, const Picture& picture, int bit_depth);
void write_pnm(const PictureTarget& target, const Picture& picture, int bit_depth);

}  // namespace rdenoise

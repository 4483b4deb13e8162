// SPDX-License-Identifier: LGPL-2.1-or-later
// Readers and writers of the single file formats. Readers take the whole file, so that they can tell a lie from a truth
// before they allocate; writers write to the (temporary) path that they are given.
#pragma once

#include <filesystem>
#include <rdenoise/picture_file.hpp>
#include <span>
#include <string>

namespace rdenoise {

struct PictureSource {
  std::span<const std::byte> bytes;
  std::string name;  ///< for messages
};

/// The final path is for messages only.
struct PictureTarget {
  const std::filesystem::path& path;
  std::string name;  ///< for messages
};

/// throws  Error{corrupt} if so many pixels cannot come from this file, Error{unsupported} if they are too many
void check_picture_size(const PictureSource& source, std::uint64_t width_px, std::uint64_t height_px);

[[noreturn]] void throw_corrupt(const PictureSource& source, const std::string& found);
[[noreturn]] void throw_unsupported(const PictureSource& source, const std::string& expected_and_found);

[[nodiscard]] Picture read_png(const PictureSource& source);
[[nodiscard]] Picture read_jpeg(const PictureSource& source);
[[nodiscard]] Picture read_tiff(const PictureSource& source);
[[nodiscard]] Picture read_pnm(const PictureSource& source);

void write_png(const PictureTarget& target, const Picture& picture, int bit_depth);
void write_jpeg(const PictureTarget& target, const Picture& picture, int quality);
void write_tiff(const PictureTarget& target, const Picture& picture, int bit_depth);
void write_pnm(const PictureTarget& target, const Picture& picture, int bit_depth);

}  // namespace rdenoise

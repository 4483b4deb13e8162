// SPDX-License-Identifier: LGPL-2.1-or-later
// Developed pictures in files: PNG, JPEG, TIFF, PGM/PPM. RAW files are read by raw.hpp.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <rdenoise/image.hpp>
#include <rdenoise/jpeg.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// A picture with what its file said about it.
struct Picture {
  Image image;                         ///< gray or rgb, 0 … 1 for integer files, as stored for float files
  std::optional<Image> alpha;          ///< gray, same size; kept through read and write where the format can
  int source_bit_depth = 8;            ///< 8, 16 or 32 (float)
  std::vector<std::byte> icc_profile;  ///< empty if none
  /// TIFF-structured EXIF block without the "Exif\0\0" prefix; empty if none. Of TIFF files
  /// only the orientation is read; written are all entries that libtiff knows.
  std::vector<std::byte> exif;
};

enum class PictureFileType { png, jpeg, tiff, pnm };

/// By the first bytes; nullopt if it is none of them. (A RAW file may look like TIFF: ask raw.hpp first.)
[[nodiscard]] std::optional<PictureFileType> detect_picture_type(std::span<const std::byte> head) noexcept;

/// By the file name's ending (.png .jpg .jpeg .tif .tiff .pgm .ppm .pnm, any case).
[[nodiscard]] std::optional<PictureFileType> picture_type_for_name(const std::filesystem::path& path) noexcept;

/// throws  Error{not_found|io|corrupt|unsupported}, the message names the file
[[nodiscard]] Picture read_picture(const std::filesystem::path& path);

struct PictureWriteOptions {
  int bit_depth = 8;      ///< 8 or 16 for png and pnm; 8, 16 or 32 (float, unclipped and unrounded) for tiff; jpeg is 8
  int jpeg_quality = 95;  ///< 1 … 100 [libjpeg quality]
  std::optional<ChromaSubsampling> chroma_subsampling;  ///< of a jpeg; nullopt: 4:4:4 from quality 90 on, else 4:2:0
};

/// Writes to a temporary file beside `path` and renames it, so no partial file is ever left under the final name.
/// throws  Error{unsupported} for an unknown ending, Error{invalid_argument} for a bit depth that the format lacks or a
///         picture that is empty or bayer, Error{io} if it cannot be written
void write_picture(const std::filesystem::path& path, const Picture& picture, const PictureWriteOptions& options);

/// The bytes of a PNG file, for embedding.
/// bit_depth  8 or 16
/// throws     Error{invalid_argument} for another bit depth, or a picture that is empty or bayer
[[nodiscard]] std::vector<std::byte> encode_png(const Picture& picture, int bit_depth = 8);

}  // namespace rdenoise

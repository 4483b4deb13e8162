// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG as a degradation: what compression leaves of a picture.
#pragma once

#include <rdenoise/image.hpp>
#include <string_view>

namespace rdenoise {

/// Chroma samples for each luma sample: all (4:4:4), half of the columns (4:2:2), half of columns and rows (4:2:0).
enum class ChromaSubsampling { s444, s422, s420 };

/// "4:4:4", "4:2:2" or "4:2:0".
[[nodiscard]] std::string_view to_string(ChromaSubsampling subsampling) noexcept;

struct JpegOptions {
  int quality = 90;                                                ///< 1 … 100 [libjpeg quality]
  ChromaSubsampling chroma_subsampling = ChromaSubsampling::s420;  ///< of no meaning for gray
  bool operator==(const JpegOptions&) const = default;
};

/// Compresses a picture to a baseline JPEG in memory and decodes it: rounded to 8 bit, clipped to 0 … 1, with the
/// artefacts of the blocks. The pixels are those that write_picture() and read_picture() would give with a file.
///
/// picture  gray or rgb, of any size up to 65500 pixels
/// throws   Error{invalid_argument} for a mosaic or a quality outside 1 … 100, Error{unsupported} for a larger picture
[[nodiscard]] Image jpeg_round_trip(const Image& picture, const JpegOptions& options);

}  // namespace rdenoise

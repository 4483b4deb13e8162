// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG bytes in memory, for files and for round trips.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <rdenoise/jpeg.hpp>
#include <span>
#include <string>
#include <vector>

#include "image/interleaved_samples.hpp"

namespace rdenoise {

/// Memory as libjpeg makes it grow.
struct JpegBytes {
  struct Free {
    void operator()(unsigned char* data) const noexcept { std::free(data); }
  };
  std::unique_ptr<unsigned char, Free> data;
  std::size_t size = 0;

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept {
    return {reinterpret_cast<const std::byte*>(data.get()), size};
  }
};

/// What a file carries besides the pixels.
struct JpegExtras {
  std::span<const std::byte> exif;  ///< left out if it does not fit the one segment that the standard gives it
  std::span<const std::byte> icc_profile;
  bool optimize_size = true;  ///< Huffman tables of the picture's own; the pixels are the same without, and sooner
};

/// samples  8 bit, one or three channels
/// name     for messages
/// throws   Error{unsupported} if a side is longer than JPEG knows, Error{io} if libjpeg fails otherwise
[[nodiscard]] JpegBytes encode_jpeg(const InterleavedSamples& samples, const JpegOptions& options,
                                    const JpegExtras& extras, const std::string& name);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// What picture files hold: rows of pixels whose samples lie side by side.
#pragma once

#include <cstddef>
#include <rdenoise/image.hpp>
#include <rdenoise/picture_file.hpp>
#include <vector>

namespace rdenoise {

/// [height, width, channel], rows without padding. Channels: gray | gray, alpha | R, G, B | R, G, B, alpha.
struct InterleavedSamples {
  int width_px = 0;
  int height_px = 0;
  int channel_count = 0;
  SampleFormat sample;
  Levels levels;
  std::vector<std::byte> bytes;

  [[nodiscard]] std::size_t pixel_bytes() const noexcept {
    return static_cast<std::size_t>(channel_count) * sample_size_bytes(sample.type);
  }
  [[nodiscard]] std::size_t row_bytes() const noexcept { return pixel_bytes() * width_px; }
  [[nodiscard]] std::byte* row(int y_px) noexcept { return bytes.data() + y_px * row_bytes(); }
  [[nodiscard]] const std::byte* row(int y_px) const noexcept { return bytes.data() + y_px * row_bytes(); }
};

/// Memory for a picture whose file gives 0 … 2^depth − 1 for signal 0 … 1 (8, 16) or the signal itself (32).
[[nodiscard]] InterleavedSamples make_interleaved(int width_px, int height_px, int channel_count, int bit_depth);

[[nodiscard]] Picture to_picture(const InterleavedSamples& samples);

/// Integer samples are rounded and clipped.
[[nodiscard]] InterleavedSamples from_image(const Image& image, int bit_depth);

/// Integer samples are rounded and clipped. The alpha channel is dropped unless `keep_alpha`.
[[nodiscard]] InterleavedSamples from_picture(const Picture& picture, int bit_depth, bool keep_alpha);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of a picture as matrix units read them.
#pragma once

#include <cstddef>

#include "network/matrix_sums.hpp"
#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// How a picture's pixels lie in rows for tiles.
struct RowPixel {
  int bytes;
  /// A planar source's first channels are two bf16 each, which add up to a value; the others, if any, one.
  int split_channels;
};

/// The last three rows that were taken from a picture: whole pixels, with zeros on both sides.
class RowRing {
 public:
  static constexpr int most_lead_px = 2;

  /// width_px  that can be read, beside one more pixel on each side: at least the source's
  static std::size_t bytes_needed(RowPixel pixel, int width_px) noexcept {
    return 4 * row_bytes(pixel.bytes, width_px);
  }

  /// pixel    of other sources than planes: as many bytes as the source's, or twice as many, which makes bf16 of eight
  ///          bits
  /// lead_px  zero pixels before a row's first, where TapRows begin: 1 … most_lead_px
  /// memory   bytes_needed() of them, on a vector's boundary; all are written
  RowRing(const Activation& src, RowPixel pixel, int lead_px, int width_px, std::byte* memory) noexcept;

  /// Row y with those above and below it. y must count up from 0, one by one.
  [[nodiscard]] TapRows around(int y) noexcept;

 private:
  static std::size_t row_bytes(int pixel_bytes, int width_px) noexcept {
    // The pixels beside; what a last chunk reads in vain; and what the last pixel of a planar source writes so.
    const std::size_t bytes = static_cast<std::size_t>(width_px + most_lead_px + 1) * pixel_bytes + chunk_bytes;
    return (bytes + chunk_bytes - 1) / chunk_bytes * chunk_bytes;
  }
  [[nodiscard]] std::byte* row(int y) const noexcept { return memory_ + static_cast<std::size_t>(y % 3) * row_bytes_; }
  void take(int y) noexcept;

  const Activation& src_;
  RowPixel pixel_;
  int lead_px_;
  std::size_t row_bytes_;
  std::byte* memory_;  ///< three rows, and one of zeros
};

#endif

}  // namespace rdenoise::onednn

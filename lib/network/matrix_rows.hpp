// SPDX-License-Identifier: LGPL-2.1-or-later
// Rows of a picture as matrix units read them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/matrix_sums.hpp"
#include "network/own_convolution.hpp"

namespace rdenoise::onednn {

#if RDENOISE_HAS_MATRIX_KERNELS

/// The last three rows that were taken from a picture: whole pixels of bf16, with zeros on both sides.
class RowRing {
 public:
  /// pixel_values  of a pixel in the ring: the source's padded channels; of a planar source two for each, which add up
  /// to
  ///               its value
  /// width_px      that can be read, beside one more pixel on each side: at least the source's
  static std::size_t values_needed(int pixel_values, int width_px) noexcept {
    return 4 * row_values(pixel_values, width_px);
  }

  /// memory  values_needed() of them, on a vector's boundary; all are written
  RowRing(const Activation& src, int pixel_values, int width_px, std::uint16_t* memory) noexcept;

  /// Row y with those above and below it. y must count up from 0, one by one.
  [[nodiscard]] TapRows around(int y) noexcept;

 private:
  static std::size_t row_values(int pixel_values, int width_px) noexcept {
    // One pixel on each side; what a last chunk reads in vain; and what the last pixel of a planar source writes so.
    const std::size_t values = static_cast<std::size_t>(width_px + 2) * pixel_values + chunk_values;
    return (values + chunk_values - 1) / chunk_values * chunk_values;
  }
  [[nodiscard]] std::uint16_t* row(int y) const noexcept {
    return memory_ + static_cast<std::size_t>(y % 3) * row_values_;
  }
  void take(int y) noexcept;

  const Activation& src_;
  int pixel_values_;
  std::size_t row_values_;
  std::uint16_t* memory_;  ///< three rows, and one of zeros
};

#endif

}  // namespace rdenoise::onednn

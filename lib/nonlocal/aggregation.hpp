// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts overlapping estimates of blocks back into a plane: their weighted mean at each pixel.
#pragma once

#include <rdenoise/nonlocal.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// Separable Kaiser window of a block, [block_px, block_stride], 0 behind block_px.
///
/// beta  0: flat
[[nodiscard]] std::vector<float> kaiser_window(int block_px, double beta);

/// Sums of weighted estimates, and of their weights, over some rows of a plane.
class Aggregation {
 public:
  Aggregation(int width_px, int y_begin_px, int y_end_px);

  [[nodiscard]] int y_begin_px() const noexcept { return y_begin_px_; }
  [[nodiscard]] int y_end_px() const noexcept { return y_end_px_; }

  /// Adds one block with its corner at (x, y), weighted by weight·window.
  ///
  /// block   [block_px, block_stride]
  /// window  of the same layout
  void add(int x_px, int y_px, const float* block, std::span<const float> window, float weight, int block_px) noexcept;

  /// Adds the sums of `part`, whose rows lie within these.
  void add(const Aggregation& part) noexcept;

  /// The mean where there is an estimate; `plane` keeps the rest.
  ///
  /// plane  [y_end − y_begin, width]
  void write_means(std::span<float> plane) const noexcept;

 private:
  int width_px_;
  int y_begin_px_;
  int y_end_px_;
  std::size_t stride_;  ///< room behind the rows, so that whole vectors may be added
  std::vector<float> sums_;
  std::vector<float> weights_;
};

}  // namespace rdenoise

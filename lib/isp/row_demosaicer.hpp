// SPDX-License-Identifier: LGPL-2.1-or-later
// Demosaics a mosaic row by row, holding as few of its rows as the method needs.
#pragma once

#include <array>
#include <memory>
#include <rdenoise/isp.hpp>
#include <span>

#include "isp/mosaic_rows.hpp"

namespace rdenoise {

/// The rows come with their columns apart: first 0, 2, 4, …, then 1, 3, 5, …; work that looks at one pixel at a time
/// does not mind, and interleave() puts them in order at the end.
class RowDemosaicer {
 public:
  virtual ~RowDemosaicer() = default;

  /// R, G and B of row y; valid until the next call, and the caller's to change. Any order gives the same rows, but one
  /// after the other downwards is much the fastest.
  [[nodiscard]] virtual std::array<std::span<float>, 3> row(int y_px) = 0;
};

[[nodiscard]] std::unique_ptr<RowDemosaicer> make_row_demosaicer(const ConstFrameView& mosaic, DemosaicMethod method,
                                                                 const SampleScaling& scaling);

/// Rows in a band below which starting one (rows above it are computed again) costs more than a second core gains.
[[nodiscard]] int least_band_px(DemosaicMethod method) noexcept;

/// Even columns, then odd ones → in order.
void interleave(std::span<const float> halves, std::span<float> row);

}  // namespace rdenoise

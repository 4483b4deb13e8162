// SPDX-License-Identifier: LGPL-2.1-or-later
// Demosaics a mosaic row by row, holding five rows of it.
#pragma once

#include <array>
#include <rdenoise/isp.hpp>
#include <span>
#include <vector>

#include "isp/mosaic_rows.hpp"

namespace rdenoise {

/// The rows come with their columns apart: first 0, 2, 4, …, then 1, 3, 5, …; work that looks at one pixel at a time
/// does not mind, and interleave() puts them in order at the end.
class RowDemosaicer {
 public:
  RowDemosaicer(const ConstFrameView& mosaic, DemosaicMethod method, const SampleScaling& scaling);

  /// R, G and B of row y; valid until the next call, and the caller's to change.
  [[nodiscard]] std::array<std::span<float>, 3> row(int y_px);

 private:
  MosaicRows rows_;
  DemosaicMethod method_;
  CfaPattern cfa_;
  int width_px_;
  std::vector<float> colors_;
};

/// Even columns, then odd ones → in order.
void interleave(std::span<const float> halves, std::span<float> row);

}  // namespace rdenoise

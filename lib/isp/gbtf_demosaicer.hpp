// SPDX-License-Identifier: LGPL-2.1-or-later
// Gradient based threshold free demosaicing (Pekkucuksen and Altunbasak, ICIP 2010) as a pipeline of row stages.
#pragma once

#include <array>
#include <vector>

#include "isp/row_demosaicer.hpp"
#include "isp/row_ring.hpp"

namespace rdenoise {

/// Each stage computes a row when the next one asks for it and keeps it as long as it is needed again. Row y of the
/// picture depends on the mosaic's rows y − 11 … y + 11. Beyond the frame all stages run on the mirrored mosaic; the
/// steps are symmetric, so that equals mirroring their results.
class GbtfDemosaicer final : public RowDemosaicer {
 public:
  GbtfDemosaicer(const ConstFrameView& mosaic, const SampleScaling& scaling);

  [[nodiscard]] std::array<std::span<float>, 3> row(int y_px) override;

 private:
  [[nodiscard]] bool has_red(int y_px) const noexcept { return (y_px & 1) == red_.y_px; }
  /// Column parity of the red or blue sites of a row.
  [[nodiscard]] int colored_parity(int y_px) const noexcept { return has_red(y_px) ? red_.x_px : 1 - red_.x_px; }
  [[nodiscard]] float* half_of(float* row, int parity) const noexcept { return row + parity * half_stride_; }
  [[nodiscard]] SplitRow split(const float* row) const noexcept { return {{row, row + half_stride_}}; }

  // Stages, in the order of their work. A SplitRow has every site; the others have the red or blue sites only.
  [[nodiscard]] SplitRow difference_along_row(int y_px);
  [[nodiscard]] SplitRow difference_along_column(int y_px);
  /// Gradients along the row or column, summed over five columns.
  [[nodiscard]] SplitRow gradient_along_row(int y_px);
  [[nodiscard]] SplitRow gradient_along_column(int y_px);
  [[nodiscard]] const float* weight_along_column(int y_px);
  /// Green minus own colour.
  [[nodiscard]] const float* own_difference(int y_px);
  /// Green minus the colour that the row lacks.
  [[nodiscard]] const float* third_difference(int y_px);

  void sum_columns(float* row);

  MosaicRows mosaic_;
  CfaPhase red_;
  int width_px_;
  int half_count_;
  int half_stride_;
  RowRing difference_along_row_;
  RowRing difference_along_column_;
  RowRing gradient_along_row_;
  RowRing gradient_along_column_;
  RowRing weight_along_column_;
  RowRing own_difference_;
  RowRing third_difference_;
  std::vector<float> scratch_;
  std::vector<float> colors_;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// A sliding window of rows of a mosaic, each split into its two kinds of columns.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <vector>

namespace rdenoise {

/// Index of the sample that stands for position i of a line of n samples: mirrored about the outermost sample, so an
/// even distance stays even and colours stay in phase. A line of one sample has only itself.
[[nodiscard]] constexpr int mirrored_index(int i, int n) noexcept {
  if (n == 1) return 0;
  const int period = 2 * (n - 1);
  const int folded = ((i % period) + period) % period;
  return folded < n ? folded : period - folded;
}

/// What is done to a sample when it is read.
struct SampleScaling {
  std::array<float, 3> gains{1.F, 1.F, 1.F};  ///< R G B
  bool clip_to_white = false;                 ///< at signal 1, after the gain
};

/// One row of a mosaic, columns 0, 2, 4, … and 1, 3, 5, … apart. Both may be read from index −1 to one past their end:
/// there stand the mirrored samples.
struct SplitRow {
  const float* even = nullptr;
  const float* odd = nullptr;
};

class MosaicRows {
 public:
  MosaicRows(const ConstFrameView& mosaic, const SampleScaling& scaling);

  /// Rows y − 2 … y + 2, mirrored at the frame's edges; valid until the next call. Costs one row if y grew by one.
  [[nodiscard]] std::array<SplitRow, 5> around(int y_px);

 private:
  static constexpr int slot_count = 5;

  [[nodiscard]] SplitRow row(int y_px);
  void load(int y_px, float* even, float* odd) const;
  [[nodiscard]] float* slot(int index) noexcept { return samples_.data() + static_cast<std::size_t>(index) * stride_; }

  ConstFrameView mosaic_;
  SampleScaling scaling_;
  int even_count_;
  std::size_t stride_;
  std::array<int, slot_count> loaded_row_;
  std::vector<float> samples_;
};

}  // namespace rdenoise

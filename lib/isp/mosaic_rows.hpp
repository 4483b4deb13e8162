// SPDX-License-Identifier: LGPL-2.1-or-later
// The latest rows of a mosaic, each split into its two kinds of columns.
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
  bool square_root = false;                   ///< to the root domain, at last
};

/// One row, columns 0, 2, 4, … and 1, 3, 5, … apart.
struct SplitRow {
  std::array<const float*, 2> half;  ///< even columns, odd columns
};

/// A row of a mosaic may be read from index −margin to margin past its last even column, in both halves: there stand
/// the mirrored samples.
class MosaicRows {
 public:
  /// slot_count  rows held; as many in a line may be in use at a time, and at least 5
  /// margin      mirrored samples on either side of a half
  MosaicRows(const ConstFrameView& mosaic, const SampleScaling& scaling, int slot_count, int margin);

  /// Row y, mirrored at the frame's edges.
  [[nodiscard]] SplitRow row(int y_px);

  /// Rows y − 2 … y + 2. Costs one row if y grew by one.
  [[nodiscard]] std::array<SplitRow, 5> around(int y_px);

 private:
  void load(int y_px, float* even, float* odd) const;

  ConstFrameView mosaic_;
  SampleScaling scaling_;
  int even_count_;
  int margin_;
  std::size_t stride_;
  std::vector<int> loaded_row_;
  std::vector<float> samples_;
};

}  // namespace rdenoise

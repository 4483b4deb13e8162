// SPDX-License-Identifier: LGPL-2.1-or-later
// A worker's rows of cells: differences and evidence of a row are kept until the windows of all rows near it are
// summed.
#pragma once

#include "temporal/frame_pair.hpp"
#include "temporal/kalman_weights.hpp"

namespace rdenoise {

class CellRing {
 public:
  void resize(const ConstFrameView& like);

  /// Averages rows [begin, end) of cells; looks at the rows beside them, too.
  void average_rows(const FramePair& frames, int begin, int end);

 private:
  void look_at(const FramePair& frames, int y_cell);
  void sum_squares(int y_cell, bool is_first, int rows);
  void average(const FramePair& frames, int y_cell);
  [[nodiscard]] CellSamples samples_of(const FramePair& frames, int channel, int y_cell) const;

  int width_cells_ = 0;
  std::array<std::size_t, max_channels> first_sample_{};  ///< of a channel, in differences
  /// Sums across rows: those of a wide square, and the one that has left it last.
  std::array<SquareSums, wide_edge_cells + 1> across_;
  SquareSums squares_;  ///< around the row that is averaged
  std::array<std::vector<std::int16_t>, wide_radius_cells + 1> differences_;
  std::vector<float> energy_, shift_;
  std::vector<std::int32_t> steps_;
  std::vector<std::int16_t> weights_, pair_weights_;
  std::vector<std::uint16_t> now_;  ///< a row
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// A worker's rows of cells: samples and evidence of a row are kept until the windows of all rows near it are summed.
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
  /// Sums across the windows.
  struct EvidenceRow {
    std::vector<float> narrow_energy, narrow_shift, wide_energy, wide_shift;
  };
  /// Both pictures' samples of all channels.
  struct SampleRow {
    std::vector<float> now, before;
  };

  void look_at(const FramePair& frames, int y_cell);
  void average(const FramePair& frames, int y_cell);
  [[nodiscard]] CellSamples samples_of(const FramePair& frames, int channel, int y_cell) const;

  int width_cells_ = 0;
  std::array<std::size_t, max_channels> first_sample_{};  ///< of a channel, in a SampleRow
  std::array<EvidenceRow, wide_edge_cells> evidence_;
  std::array<SampleRow, wide_radius_cells + 1> samples_;
  std::vector<float> energy_, shift_, weights_, averaged_;
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/cell_ring.hpp"

#include <algorithm>

#include "temporal/blend_row.hpp"

namespace rdenoise {

void CellRing::resize(const ConstFrameView& like) {
  width_cells_ = NoiseShare::cells_along(like.width_px);
  const auto cells = static_cast<std::size_t>(width_cells_);
  for (EvidenceRow& row : evidence_)
    for (auto* sums : {&row.narrow_energy, &row.narrow_shift, &row.wide_energy, &row.wide_shift}) sums->resize(cells);
  for (auto* padded : {&energy_, &shift_}) padded->resize(cells + 2 * wide_radius_cells);
  weights_.resize(cells);
  averaged_.resize(2 * cells);
  std::size_t samples = 0;
  for (int c = 0; c < like.channel_count; ++c) {
    first_sample_[c] = samples;
    samples += static_cast<std::size_t>(like.channels[c].width_px) * cells_of(like, c).down;
  }
  for (SampleRow& row : samples_) {
    row.now.resize(samples);
    row.before.resize(samples);
  }
}

void CellRing::average_rows(const FramePair& frames, int begin, int end) {
  const int rows = frames.before.noise.height_cells;
  int seen = std::max(begin - wide_radius_cells, 0);
  for (int y = begin; y < end; ++y) {
    for (; seen < std::min(y + wide_radius_cells + 1, rows); ++seen) look_at(frames, seen);
    average(frames, y);
  }
}

CellSamples CellRing::samples_of(const FramePair& frames, int channel, int y_cell) const {
  const ChannelCells& cells = frames.cells[channel];
  const SampleRow& row = samples_[y_cell % samples_.size()];
  const int width = frames.now.channels[channel].width_px;
  CellSamples samples{cells.across, rows_of(frames.now.channels[channel], cells, y_cell), width, {}, {}};
  for (int i = 0; i < samples.down; ++i) {
    samples.now[i] = row.now.data() + first_sample_[channel] + static_cast<std::ptrdiff_t>(i) * width;
    samples.before[i] = row.before.data() + first_sample_[channel] + static_cast<std::ptrdiff_t>(i) * width;
  }
  return samples;
}

void CellRing::look_at(const FramePair& frames, int y_cell) {
  std::ranges::fill(energy_, 0.F);
  std::ranges::fill(shift_, 0.F);
  const Evidence evidence{energy_.data() + wide_radius_cells, shift_.data() + wide_radius_cells};
  SampleRow& row = samples_[y_cell % samples_.size()];
  for (int c = 0; c < frames.now.channel_count; ++c) {
    const auto width = static_cast<std::size_t>(frames.now.channels[c].width_px);
    for (int i = 0; i < rows_of(frames.now.channels[c], frames.cells[c], y_cell); ++i) {
      const int y_px = y_cell * frames.cells[c].down + i;
      const std::size_t first = first_sample_[c] + i * width;
      read_row(frames.now.channels[c], y_px, 0, std::span(row.now).subspan(first, width));
      read_row(frames.before.frame.channels[c], y_px, 0, std::span(row.before).subspan(first, width));
    }
    const CellSamples samples = samples_of(frames, c, y_cell);
    if (samples.down > 0) add_evidence(samples, frames.noise[c], frames.before.shares(y_cell), evidence);
  }
  EvidenceRow& sums = evidence_[y_cell % evidence_.size()];
  sum_across(evidence.energy, width_cells_, sums.narrow_energy.data(), sums.wide_energy.data());
  sum_across(evidence.shift, width_cells_, sums.narrow_shift.data(), sums.wide_shift.data());
}

void CellRing::average(const FramePair& frames, int y_cell) {
  // Beyond the frame its first and last rows go on.
  const auto row_at = [&](int y) -> const EvidenceRow& {
    return evidence_[std::clamp(y, 0, frames.before.noise.height_cells - 1) % evidence_.size()];
  };
  EvidenceRows evidence;
  for (int i = 0; i < narrow_edge_cells; ++i) {
    const EvidenceRow& row = row_at(y_cell + i - narrow_radius_cells);
    evidence.narrow_energy[i] = row.narrow_energy.data();
    evidence.narrow_shift[i] = row.narrow_shift.data();
  }
  for (int i = 0; i < wide_edge_cells; ++i) {
    const EvidenceRow& row = row_at(y_cell + i - wide_radius_cells);
    evidence.wide_energy[i] = row.wide_energy.data();
    evidence.wide_shift[i] = row.wide_shift.data();
  }
  choose_weights(evidence, width_cells_, frames.samples_per_cell, frames.before.shares(y_cell), weights_.data(),
                 frames.after.shares(y_cell));
  for (int c = 0; c < frames.now.channel_count; ++c) {
    const CellSamples samples = samples_of(frames, c, y_cell);
    for (int i = 0; i < samples.down; ++i) {
      blend_row(samples, i, weights_.data(), averaged_.data());
      write_row(frames.after.frame.channels[c], y_cell * frames.cells[c].down + i, 0,
                std::span(averaged_).first(static_cast<std::size_t>(samples.samples)));
    }
  }
}

}  // namespace rdenoise

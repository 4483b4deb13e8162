// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/cell_ring.hpp"

#include <algorithm>
#include <utility>

#include "temporal/blend_row.hpp"
#include "temporal/stored_samples.hpp"

namespace rdenoise {

void CellRing::resize(const ConstFrameView& like) {
  width_cells_ = NoiseShare::cells_along(like.width_px);
  const auto cells = static_cast<std::size_t>(width_cells_);
  for (SquareSums& row : across_)
    for (auto* sums : {&row.energy, &row.shift}) sums->resize(width_cells_);
  for (auto* sums : {&squares_.energy, &squares_.shift}) sums->resize(width_cells_);
  for (auto* evidence : {&energy_, &shift_}) evidence->resize(cells);
  steps_.resize(cells + 2 * wide_radius_cells);
  weights_.resize(cells);
  pair_weights_.resize(2 * cells);
  now_.resize(2 * cells);
  std::size_t samples = 0;
  for (int c = 0; c < like.channel_count; ++c) {
    first_sample_[c] = samples;
    samples += static_cast<std::size_t>(like.channels[c].width_px) * cells_of(like, c).down;
  }
  for (auto& row : differences_) row.resize(samples);
}

void CellRing::average_rows(const FramePair& frames, int begin, int end) {
  const int rows = frames.before.noise.height_cells;
  int seen = std::max(begin - wide_radius_cells, 0);
  for (int y = begin; y < end; ++y) {
    for (; seen < std::min(y + wide_radius_cells + 1, rows); ++seen) look_at(frames, seen);
    sum_squares(y, y == begin, rows);
    average(frames, y);
  }
}

CellSamples CellRing::samples_of(const FramePair& frames, int channel, int y_cell) const {
  const ChannelCells& cells = frames.cells[channel];
  const int width_px = frames.now.channels[channel].width_px;
  CellSamples samples{cells.across, rows_of(frames.now.channels[channel], cells, y_cell), width_px, {}, {}};
  for (int i = 0; i < samples.down; ++i) {
    samples.before[i] = frames.before.row(channel, y_cell * cells.down + i);
    samples.differences[i] = differences_[y_cell % differences_.size()].data() + first_sample_[channel] +
                             static_cast<std::ptrdiff_t>(i) * width_px;
  }
  return samples;
}

void CellRing::look_at(const FramePair& frames, int y_cell) {
  std::ranges::fill(energy_, 0.F);
  std::ranges::fill(shift_, 0.F);
  const Evidence evidence{energy_.data(), shift_.data()};
  std::int16_t* const differences = differences_[y_cell % differences_.size()].data();
  for (int c = 0; c < frames.now.channel_count; ++c) {
    const CellSamples samples = samples_of(frames, c, y_cell);
    for (int i = 0; i < samples.down; ++i) {
      store_row(frames.now.channels[c], y_cell * frames.cells[c].down + i, now_.data());
      subtract_row(now_.data(), samples.before[i], samples.samples,
                   differences + first_sample_[c] + static_cast<std::ptrdiff_t>(i) * samples.samples);
    }
    if (samples.down > 0) add_evidence(samples, frames.noise[c], frames.before.shares(y_cell), evidence);
  }
  SquareSums& sums = across_[y_cell % across_.size()];
  sum_across(energy_.data(), width_cells_, steps_.data(), sums.energy);
  sum_across(shift_.data(), width_cells_, steps_.data(), sums.shift);
}

void CellRing::sum_squares(int y_cell, bool is_first, int rows) {
  // Beyond the frame its first and last rows go on.
  const auto across = [&](int y) -> const SquareSums& { return across_[std::clamp(y, 0, rows - 1) % across_.size()]; };
  for (WindowSums SquareSums::*kind : {&SquareSums::energy, &SquareSums::shift})
    for (const auto& [window, radius] :
         {std::pair{&WindowSums::narrow, narrow_radius_cells}, {&WindowSums::wide, wide_radius_cells}}) {
      std::vector<std::int32_t>& sums = squares_.*kind.*window;
      const auto row = [&](int y) { return (across(y).*kind.*window).data(); };
      if (!is_first) {
        slide(sums.data(), row(y_cell + radius), row(y_cell - radius - 1), width_cells_);
        continue;
      }
      std::ranges::fill(sums, 0);
      for (int y = y_cell - radius; y <= y_cell + radius; ++y) add_row(sums.data(), row(y), width_cells_);
    }
}

void CellRing::average(const FramePair& frames, int y_cell) {
  choose_weights(squares_, width_cells_, frames.samples_per_cell, frames.before.shares(y_cell), weights_.data(),
                 frames.after.shares(y_cell));
  repeat_each(weights_.data(), width_cells_, pair_weights_.data());
  for (int c = 0; c < frames.now.channel_count; ++c) {
    const CellSamples samples = samples_of(frames, c, y_cell);
    const std::int16_t* const weights = samples.across == 2 ? pair_weights_.data() : weights_.data();
    for (int i = 0; i < samples.down; ++i)
      blend_row(samples.before[i], samples.differences[i], weights, samples.samples,
                frames.after.row(c, y_cell * frames.cells[c].down + i));
  }
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The weight of a new frame in its average, by how much of the difference between the two noise does not explain.
#pragma once

#include <array>

namespace rdenoise {

/// Evidence is looked at over squares of 5 and of 9 cells. The small one sees strong change in a small place, the large
/// one weak change in a large place: the mean over more samples is steadier, so less change stands out of it.
inline constexpr int narrow_radius_cells = 2;
inline constexpr int wide_radius_cells = 4;
inline constexpr int narrow_edge_cells = 2 * narrow_radius_cells + 1;
inline constexpr int wide_edge_cells = 2 * wide_radius_cells + 1;

/// Sums across the windows' widths. Beyond the row its first and last cell go on.
/// values  cells of them, with room for wide_radius_cells before and behind, which is overwritten
void sum_across(float* values, int cells, float* narrow, float* wide);

/// Evidence of the rows around a row of cells, summed across; from top to bottom.
struct EvidenceRows {
  std::array<const float*, narrow_edge_cells> narrow_energy;
  std::array<const float*, narrow_edge_cells> narrow_shift;
  std::array<const float*, wide_edge_cells> wide_energy;
  std::array<const float*, wide_edge_cells> wide_shift;
};

/// The weight of this frame in each cell, and the σ share that is left then.
/// samples       in a cell, of all channels together
/// sigma_shares  of the last average
void choose_weights(const EvidenceRows& evidence, int cells, int samples, const float* sigma_shares, float* weights,
                    float* sigma_shares_left);

}  // namespace rdenoise

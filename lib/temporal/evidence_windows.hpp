// SPDX-License-Identifier: LGPL-2.1-or-later
// Evidence of change, summed over squares of cells. The squares slide down the frame: a row enters, another leaves. In
// whole numbers that is exact, so that it does not matter where a square began to slide.
#pragma once

#include <cstdint>
#include <vector>

namespace rdenoise {

/// Evidence is looked at over squares of 5 and of 9 cells. The small one sees strong change in a small place, the large
/// one weak change in a large place: the mean over more samples is steadier, so less change stands out of it.
inline constexpr int narrow_radius_cells = 2;
inline constexpr int wide_radius_cells = 4;
inline constexpr int narrow_edge_cells = 2 * narrow_radius_cells + 1;
inline constexpr int wide_edge_cells = 2 * wide_radius_cells + 1;

/// Evidence is counted in steps of 1/4096, and of a cell up to 4096 either way, which is change beyond doubt: so sums
/// over a square fit 32 bits.
inline constexpr int steps_per_evidence = 4096;
inline constexpr int most_evidence = 4096;
static_assert(std::int64_t{wide_edge_cells} * wide_edge_cells * steps_per_evidence * most_evidence < INT32_MAX);

/// One kind of evidence, for each cell of a row the sums over the cells around it: in the row alone, or in all rows of
/// a square.
struct WindowSums {
  std::vector<std::int32_t> narrow, wide;

  void resize(int cells);
};

/// Sums across the row. Beyond it its first and last cell go on.
/// values   [cells]
/// scratch  [cells + 2 · wide_radius_cells]
void sum_across(const float* values, int cells, std::int32_t* scratch, WindowSums& sums);

/// sums += entering, of `cells` cells.
void add_row(std::int32_t* sums, const std::int32_t* entering, int cells);
/// sums += entering − leaving. The two may be the same row.
void slide(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving, int cells);

}  // namespace rdenoise

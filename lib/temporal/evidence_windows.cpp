// SPDX-License-Identifier: LGPL-2.1-or-later
#include "temporal/evidence_windows.hpp"

#include <algorithm>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_WIDE_VECTOR_CLONES void count_steps(const float* __restrict values, int count,
                                             std::int32_t* __restrict steps) {
  for (int i = 0; i < count; ++i) {
    constexpr float most = most_evidence;
    float value = values[i] < most ? values[i] : most;
    value = value > -most ? value : -most;
    steps[i] = static_cast<std::int32_t>(value * steps_per_evidence);
  }
}

RDENOISE_WIDE_VECTOR_CLONES void sum_neighbours(const std::int32_t* __restrict first, int count,
                                                std::int32_t* __restrict narrow, std::int32_t* __restrict wide) {
  for (int i = 0; i < count; ++i) {
    const std::int32_t middle = first[i + 2] + first[i + 3] + first[i + 4] + first[i + 5] + first[i + 6];
    narrow[i] = middle;
    wide[i] = middle + first[i] + first[i + 1] + first[i + 7] + first[i + 8];
  }
}

}  // namespace

void WindowSums::resize(int cells) {
  narrow.resize(static_cast<std::size_t>(cells));
  wide.resize(static_cast<std::size_t>(cells));
}

void sum_across(const float* values, int cells, std::int32_t* scratch, WindowSums& sums) {
  std::int32_t* const steps = scratch + wide_radius_cells;
  count_steps(values, cells, steps);
  std::fill_n(scratch, wide_radius_cells, steps[0]);
  std::fill_n(steps + cells, wide_radius_cells, steps[cells - 1]);
  sum_neighbours(scratch, cells, sums.narrow.data(), sums.wide.data());
}

RDENOISE_WIDE_VECTOR_CLONES void add_row(std::int32_t* __restrict sums, const std::int32_t* __restrict entering,
                                         int cells) {
  for (int i = 0; i < cells; ++i) sums[i] += entering[i];
}

RDENOISE_WIDE_VECTOR_CLONES void slide(std::int32_t* __restrict sums, const std::int32_t* entering,
                                       const std::int32_t* leaving, int cells) {
  for (int i = 0; i < cells; ++i) sums[i] += entering[i] - leaving[i];
}

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/block_pass.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <rdenoise/error.hpp>
#include <string>

#include "nonlocal/block_transform.hpp"

namespace rdenoise {
namespace {

/// Rows of reference blocks to a band. Fixed, because the bands decide the order of the sums.
constexpr int rows_per_band = 16;
/// Bands in memory at a time, for each thread.
constexpr int bands_per_thread = 2;

void expect(bool condition, const std::string& what, const std::string& found) {
  if (!condition) throw Error(ErrorCode::invalid_argument, "grouping blocks: expected " + what + ", found " + found);
}

}  // namespace

std::vector<int> block_origins(int extent_px, int block_px, int step_px) {
  std::vector<int> origins;
  for (int origin = 0; origin < extent_px - block_px; origin += step_px) origins.push_back(origin);
  origins.push_back(extent_px - block_px);
  return origins;
}

void check_grouping(const BlockGrouping& grouping) {
  expect(grouping.block_px >= 2 && grouping.block_px <= 16, "a block edge of 2 to 16 pixels",
         std::to_string(grouping.block_px));
  expect(grouping.step_px >= 1 && grouping.step_px <= grouping.block_px,
         "a step of 1 to block_px, so that no pixel is left out", std::to_string(grouping.step_px));
  expect(grouping.search_px >= 1 && grouping.search_px <= max_search_px && grouping.search_px % 2 == 1,
         "an odd search window of 1 to " + std::to_string(max_search_px) + " pixels",
         std::to_string(grouping.search_px));
  expect(grouping.max_blocks >= 1 && grouping.max_blocks <= max_group_blocks &&
             std::has_single_bit(static_cast<unsigned>(grouping.max_blocks)),
         "a power of two up to " + std::to_string(max_group_blocks) + " as the size of a group",
         std::to_string(grouping.max_blocks));
  expect(grouping.max_distance_8bit2 >= 0.0, "a matching distance of 0 or more",
         std::to_string(grouping.max_distance_8bit2));
  expect(grouping.kaiser_beta >= 0.0 && grouping.kaiser_beta <= 20.0, "a Kaiser β of 0 to 20",
         std::to_string(grouping.kaiser_beta));
}

void gather_blocks(std::span<const float> plane, int width_px, const BlockGroup& group, int block_px,
                   float* blocks) noexcept {
  const int stride = block_stride(block_px);
  for (const BlockPosition& position : group.blocks())
    for (int r = 0; r < block_px; ++r, blocks += stride) {
      const float* row = plane.data() + static_cast<std::size_t>(position.y_px + r) * width_px + position.x_px;
      std::copy_n(row, block_px, blocks);
      std::fill(blocks + block_px, blocks + stride, 0.F);
    }
}

void run_block_pass(const PassGeometry& geometry, const BlockGrouping& grouping, WorkerPool& workers,
                    const FindGroup& find, const FilterGroup& filter, std::span<float> result) {
  const auto [width_px, height_px, plane_count] = geometry;
  const int block_px = grouping.block_px;
  const std::vector<int> columns = block_origins(width_px, block_px, grouping.step_px);
  const std::vector<int> rows = block_origins(height_px, block_px, grouping.step_px);
  const std::vector<float> window = kaiser_window(block_px, grouping.kaiser_beta);
  std::vector<Aggregation> whole(static_cast<std::size_t>(plane_count), Aggregation(width_px, 0, height_px));

  const auto run_band = [&](int worker, int band) {
    const int first = band * rows_per_band;
    const int last = std::min(first + rows_per_band, static_cast<int>(rows.size())) - 1;
    const int reach_px = grouping.search_px / 2;
    std::vector<Aggregation> sums(static_cast<std::size_t>(plane_count),
                                  Aggregation(width_px, std::max(rows[first] - reach_px, 0),
                                              std::min(rows[last] + reach_px + block_px, height_px)));
    for (int row = first; row <= last; ++row)
      for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
        const BlockGroup group = find({column, row, {columns[column], rows[row]}});
        for (int plane = 0; plane < plane_count; ++plane) {
          const GroupEstimate estimate = filter(worker, plane, group);
          for (int b = 0; b < group.count; ++b)
            sums[plane].add(group.positions[b].x_px, group.positions[b].y_px,
                            estimate.blocks + static_cast<std::ptrdiff_t>(b) * block_floats(block_px), window,
                            estimate.weight, block_px);
        }
      }
    return sums;
  };

  const int band_count = (static_cast<int>(rows.size()) + rows_per_band - 1) / rows_per_band;
  const int wave = workers.n_threads() * bands_per_thread;
  for (int begin = 0; begin < band_count; begin += wave) {
    const int count = std::min(wave, band_count - begin);
    std::vector<std::vector<Aggregation>> bands(static_cast<std::size_t>(count));
    workers.run(count, [&](int worker, int index) { bands[index] = run_band(worker, begin + index); });
    for (const std::vector<Aggregation>& band : bands)
      for (int plane = 0; plane < plane_count; ++plane) whole[plane].add(band[plane]);
  }
  for (int plane = 0; plane < plane_count; ++plane)
    whole[plane].write_means(result.subspan(static_cast<std::size_t>(plane) * width_px * height_px,
                                            static_cast<std::size_t>(width_px) * height_px));
}

}  // namespace rdenoise

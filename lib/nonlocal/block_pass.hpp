// SPDX-License-Identifier: LGPL-2.1-or-later
// One walk over a picture: every reference block's group is filtered and put back.
#pragma once

#include <functional>
#include <rdenoise/nonlocal.hpp>
#include <rdenoise/parallel.hpp>
#include <span>
#include <vector>

#include "nonlocal/aggregation.hpp"
#include "nonlocal/block_matching.hpp"

namespace rdenoise {

/// Corners of the reference blocks along one axis: every step_px, and one that ends with the picture.
[[nodiscard]] std::vector<int> block_origins(int extent_px, int block_px, int step_px);

/// throws  Error{invalid_argument} naming what is out of range
void check_grouping(const BlockGrouping& grouping);

/// Copies the group's blocks of a plane to [count, block_px, block_stride], with 0 behind block_px.
void gather_blocks(std::span<const float> plane, int width_px, const BlockGroup& group, int block_px,
                   float* blocks) noexcept;

/// One plane's estimates of all blocks of a group.
struct GroupEstimate {
  float* blocks;  ///< [count, block_px, block_stride]
  float weight;
};

/// The picture of planes that a walk goes over.
struct PassGeometry {
  int width_px;
  int height_px;
  int plane_count;
};

struct ReferenceBlock {
  int column;  ///< among the reference blocks
  int row;
  BlockPosition position;
};

/// What to do with a reference block: find its group, and estimate the group in one plane, in memory of the worker.
using FindGroup = std::function<BlockGroup(const ReferenceBlock& reference)>;
using FilterGroup = std::function<GroupEstimate(int worker, int plane, const BlockGroup& group)>;

/// Filters every group in every plane and writes the weighted means of the estimates to `result`. Reference blocks are
/// taken in bands of fixed height, and the bands' sums are added in order: the result does not depend on the threads.
///
/// result  [plane_count, height, width]
void run_block_pass(const PassGeometry& geometry, const BlockGrouping& grouping, WorkerPool& workers,
                    const FindGroup& find, const FilterGroup& filter, std::span<float> result);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/block_matching.hpp"

#include <algorithm>
#include <bit>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// Candidates of one row of the search window, in whole vectors.
constexpr int lane_count = 40;
static_assert(lane_count >= max_search_px);
constexpr int max_block_px = 16;

struct SearchWindow {
  int x_begin, x_end, y_begin, y_end;
};

SearchWindow search_window(const MatchingPlane& plane, BlockPosition reference, const BlockGrouping& grouping) {
  const int radius_px = grouping.search_px / 2;
  return {std::max(reference.x_px - radius_px, 0),
          std::min(reference.x_px + radius_px, plane.width_px() - grouping.block_px) + 1,
          std::max(reference.y_px - radius_px, 0),
          std::min(reference.y_px + radius_px, plane.height_px() - grouping.block_px) + 1};
}

/// Largest sum of squares of a block that still matches.
float largest_sum(const BlockGrouping& grouping) {
  return static_cast<float>(grouping.max_distance_8bit2 * grouping.block_px * grouping.block_px / (255.0 * 255.0));
}

/// Adds the squared differences of one row of the reference to the sums of `lane_count` candidates side by side. Each
/// sum grows pixel by pixel, as in the plain twin, so both give the same bits.
template <int block_px>
[[gnu::always_inline]] inline void add_row(const float* __restrict reference, const float* __restrict candidates,
                                           float* __restrict sums) {
  for (int lane = 0; lane < lane_count; ++lane) {
    float sum = sums[lane];
#pragma GCC unroll 16
    for (int c = 0; c < block_px; ++c) {
      const float difference = candidates[lane + c] - reference[c];
      sum += difference * difference;
    }
    sums[lane] = sum;
  }
}

RDENOISE_WIDE_VECTOR_CLONES
void add_row_of_8(const float* reference, const float* candidates, float* sums) {
  add_row<8>(reference, candidates, sums);
}
RDENOISE_WIDE_VECTOR_CLONES
void add_row_of_10(const float* reference, const float* candidates, float* sums) {
  add_row<10>(reference, candidates, sums);
}
RDENOISE_WIDE_VECTOR_CLONES
void add_row_of_11(const float* reference, const float* candidates, float* sums) {
  add_row<11>(reference, candidates, sums);
}

/// How many candidates of a row are near enough. Most rows have none once a group is full of good blocks.
RDENOISE_WIDE_VECTOR_CLONES
int count_within(const float* sums, float limit) {
  int count = 0;
  for (int lane = 0; lane < lane_count; ++lane) count += sums[lane] <= limit ? 1 : 0;
  return count;
}

/// Block sizes that no profile uses.
void add_row_of_any(const float* reference, const float* candidates, float* sums, int block_px) {
  for (int c = 0; c < block_px; ++c) add_row<1>(reference + c, candidates + c, sums);
}

void add_row(const float* reference, const float* candidates, float* sums, int block_px) {
  switch (block_px) {
    case 8:
      return add_row_of_8(reference, candidates, sums);
    case 10:
      return add_row_of_10(reference, candidates, sums);
    case 11:
      return add_row_of_11(reference, candidates, sums);
    default:
      return add_row_of_any(reference, candidates, sums, block_px);
  }
}

/// The nearest blocks so far, sorted; the reference holds the first place.
class Nearest {
 public:
  Nearest(BlockPosition reference, int max_blocks, float largest_distance)
      : capacity_(max_blocks), limit_(largest_distance) {
    group_.positions[0] = reference;
    group_.count = 1;
  }

  /// What is further away than this cannot enter.
  [[nodiscard]] float limit() const noexcept { return limit_; }

  void insert(BlockPosition position, float distance) noexcept {
    if (group_.count == capacity_ && (capacity_ == 1 || distance >= distances_[capacity_ - 1])) return;
    int place = std::min(group_.count, capacity_ - 1);
    for (; place > 1 && distance < distances_[place - 1]; --place) {
      distances_[place] = distances_[place - 1];
      group_.positions[place] = group_.positions[place - 1];
    }
    distances_[place] = distance;
    group_.positions[place] = position;
    group_.count = std::min(group_.count + 1, capacity_);
    if (group_.count == capacity_) limit_ = distances_[capacity_ - 1];
  }

  [[nodiscard]] BlockGroup take() noexcept {
    group_.count = static_cast<int>(std::bit_floor(static_cast<unsigned>(group_.count)));
    return group_;
  }

 private:
  int capacity_;
  float limit_;
  std::array<float, max_group_blocks> distances_{};
  BlockGroup group_;
};

}  // namespace

MatchingPlane::MatchingPlane(std::span<const float> samples, int width_px, int height_px)
    : width_px_(width_px),
      height_px_(height_px),
      stride_(static_cast<std::size_t>(width_px) + lane_count + max_block_px),
      samples_(stride_ * height_px) {
  for (int y = 0; y < height_px; ++y)
    std::ranges::copy(samples.subspan(static_cast<std::size_t>(y) * width_px, width_px),
                      samples_.begin() + static_cast<std::ptrdiff_t>(y * stride_));
}

BlockGroup match_blocks(const MatchingPlane& plane, BlockPosition reference, const BlockGrouping& grouping) noexcept {
  const SearchWindow window = search_window(plane, reference, grouping);
  Nearest nearest(reference, grouping.max_blocks, largest_sum(grouping));
  for (int y = window.y_begin; y < window.y_end; ++y) {
    alignas(64) std::array<float, lane_count> sums{};
    for (int r = 0; r < grouping.block_px; ++r)
      add_row(plane.row(reference.y_px + r) + reference.x_px, plane.row(y + r) + window.x_begin, sums.data(),
              grouping.block_px);
    if (count_within(sums.data(), nearest.limit()) == 0) continue;
    for (int x = window.x_begin; x < window.x_end; ++x) {
      const float sum = sums[static_cast<std::size_t>(x - window.x_begin)];
      const BlockPosition position{x, y};
      if (sum <= nearest.limit() && position != reference) nearest.insert(position, sum);
    }
  }
  return nearest.take();
}

BlockGroup match_blocks_plain(const MatchingPlane& plane, BlockPosition reference, const BlockGrouping& grouping) {
  struct Candidate {
    BlockPosition position;
    float distance;
  };
  std::vector<Candidate> candidates;
  const SearchWindow window = search_window(plane, reference, grouping);
  for (int y = window.y_begin; y < window.y_end; ++y)
    for (int x = window.x_begin; x < window.x_end; ++x) {
      float sum = 0.F;
      for (int r = 0; r < grouping.block_px; ++r)
        for (int c = 0; c < grouping.block_px; ++c) {
          const float difference = plane.row(y + r)[x + c] - plane.row(reference.y_px + r)[reference.x_px + c];
          sum += difference * difference;
        }
      const BlockPosition position{x, y};
      if (position != reference && sum <= largest_sum(grouping)) candidates.push_back({position, sum});
    }
  std::ranges::stable_sort(candidates, {}, &Candidate::distance);
  BlockGroup group;
  group.positions[0] = reference;
  group.count = 1;
  for (const Candidate& candidate : candidates)
    if (group.count < grouping.max_blocks) group.positions[group.count++] = candidate.position;
  group.count = static_cast<int>(std::bit_floor(static_cast<unsigned>(group.count)));
  return group;
}

}  // namespace rdenoise

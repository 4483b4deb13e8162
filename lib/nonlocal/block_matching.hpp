// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the blocks of a plane that look like a reference block.
#pragma once

#include <array>
#include <rdenoise/nonlocal.hpp>
#include <span>
#include <vector>

namespace rdenoise {

inline constexpr int max_search_px = 39;
inline constexpr int max_group_blocks = 32;

struct BlockPosition {
  int x_px = 0;
  int y_px = 0;
  bool operator==(const BlockPosition&) const = default;
};

/// A group's blocks: the reference first, then the others by growing distance.
struct BlockGroup {
  int count = 0;
  std::array<BlockPosition, max_group_blocks> positions;

  [[nodiscard]] std::span<const BlockPosition> blocks() const noexcept { return std::span(positions).first(count); }
};

/// A plane in which blocks are looked for; rows have room behind them, so that vectors may read past the end.
class MatchingPlane {
 public:
  /// samples  [height, width], at least one block large
  MatchingPlane(std::span<const float> samples, int width_px, int height_px);

  [[nodiscard]] int width_px() const noexcept { return width_px_; }
  [[nodiscard]] int height_px() const noexcept { return height_px_; }
  [[nodiscard]] const float* row(int y_px) const noexcept {
    return samples_.data() + static_cast<std::size_t>(y_px) * stride_;
  }

 private:
  int width_px_;
  int height_px_;
  std::size_t stride_;
  std::vector<float> samples_;
};

/// The reference block and those within max_distance_8bit2 of it whose corner lies in the search window, nearest first;
/// of two at the same distance the upper, then the left one. At most max_blocks; cut to a power of two, for the Haar
/// transform. Distances that are no number match nothing.
[[nodiscard]] BlockGroup match_blocks(const MatchingPlane& plane, BlockPosition reference,
                                      const BlockGrouping& grouping) noexcept;

/// The same, one block after the other.
[[nodiscard]] BlockGroup match_blocks_plain(const MatchingPlane& plane, BlockPosition reference,
                                            const BlockGrouping& grouping);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// What bands in lockstep show each other: the line of each layer that a neighbour's window ends with.
#pragma once

#include <rdenoise/lockstep_network.hpp>
#include <vector>

#include "network/onednn_arena.hpp"
#include "network/onednn_moves.hpp"
#include "network/pixel_planes.hpp"

namespace rdenoise::onednn {

/// Lines are kept for two layers: a band shows layer l when its neighbours have ended layer l − 1, and to begin that
/// they have taken what layer l − 2 showed.
class LockstepBorders {
 public:
  /// layers  of those whose borders are shown
  LockstepBorders(const LockstepCut& cut, int cell_px, const std::vector<PixelPlanes>& layers);

  /// Keeps the lines of a band's window that its neighbours need.
  void show(int layer, int band, const Activation& window);
  /// Puts the neighbours' lines where the band's window ends.
  void take(int layer, int band, const Activation& window) const;

  [[nodiscard]] std::size_t memory_bytes() const noexcept { return memory_bytes_; }

 private:
  enum class Neighbour { before, after };

  [[nodiscard]] int band_count() const noexcept { return static_cast<int>(begins_.size()); }
  /// What `band` shows to one of its neighbours.
  [[nodiscard]] std::byte* line(int layer, int band, Neighbour neighbour) const noexcept;

  bool by_rows_;
  std::vector<int> begins_;  ///< of the windows, in cells
  std::size_t line_bytes_ = 0;
  std::size_t memory_bytes_ = 0;
  Arena memory_;  ///< [layer % 2][band][neighbour][line]
};

}  // namespace rdenoise::onednn

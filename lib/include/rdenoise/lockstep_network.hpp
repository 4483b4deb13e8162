// SPDX-License-Identifier: LGPL-2.1-or-later
// A chain of 3×3 convolutions, run on bands of a frame side by side: after each convolution a band takes the outermost
// rows or columns of its window from its neighbours, so nothing is computed twice. See TilePlan (tiles.hpp) for where
// the bands lie, and WorkerPool::run_lockstep for who runs them.
#pragma once

#include <memory>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdenoise {

/// A frame cut along one axis into windows of one size; neighbours overlap by two cells or more. All in pixels of the
/// network's picture and multiples of cell_px.
struct LockstepCut {
  bool by_rows = true;  ///< windows one above the other; else side by side
  int window_width_px = 0;
  int window_height_px = 0;
  std::vector<int> window_begins_px;  ///< along the axis that is cut
};

/// One band's: memory and primitives for its window. Fill the inputs, run all steps, read; one thread at a time.
class LockstepBand {
 public:
  virtual ~LockstepBand() = default;
  [[nodiscard]] virtual TensorView image() = 0;
  [[nodiscard]] virtual TensorView noise_map() = 0;  ///< data is nullptr if the network is blind
  virtual void set_strength(float strength) = 0;     ///< as NetworkRun's
  /// Steps 0, 1, … up to the chain's depth: one convolution and what follows it. The bands beside this one must have
  /// done the step before, and have not begun the one after. Allocates nothing.
  virtual void run_step(int step) = 0;
  /// After the last step. At each side where the band has a neighbour, the outermost cells are not right.
  [[nodiscard]] virtual ConstTensorView output() const = 0;
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
};

/// A network made ready for one cut: the borders that bands show each other. Frames one after the other.
class LockstepNetwork {
 public:
  virtual ~LockstepNetwork() = default;
  [[nodiscard]] virtual std::unique_ptr<LockstepBand> prepare_band(int index) = 0;  ///< threads  safe
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;                       ///< of the borders
};

}  // namespace rdenoise

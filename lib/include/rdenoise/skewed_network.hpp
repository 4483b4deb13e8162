// SPDX-License-Identifier: LGPL-2.1-or-later
// A chain of 3×3 convolutions, run tile by tile without computing anything twice: tiles hand their borders on, layer by
// layer. See TilePlan (tiles.hpp) for where the tiles lie, and WorkerPool::run_wavefront for who runs them.
#pragma once

#include <memory>
#include <rdenoise/network.hpp>

namespace rdenoise {

/// A frame cut into tiles for a chain. All in pixels of the network's picture and multiples of cell_px.
struct SkewedGrid {
  int frame_width_px = 0;
  int frame_height_px = 0;
  int window_width_px = 0;   ///< two cells more than a tile's step; with one column the frame's width
  int window_height_px = 0;  ///< likewise
  int columns = 1;
  int rows = 1;
  int rows_in_flight = 1;  ///< a row begins when the row this many above it has ended
};

/// What a tile needs from whoever runs the wavefront.
class SkewedTile {
 public:
  virtual ~SkewedTile() = default;
  [[nodiscard]] virtual int column() const = 0;
  [[nodiscard]] virtual int row() const = 0;
  /// Returns when the left and the upper neighbour have finished `layer`.
  virtual void await_neighbours(int layer) = 0;
  virtual void finish(int layer) = 0;
  /// For networks that predict the noise: fills the run's image() with the picture where the output lies, skew_px left
  /// of and above the window; only what the output is wanted of has to be filled.
  virtual void refill_image() = 0;
};

/// One worker's: memory and primitives for a window. Fill the inputs, run, read; one thread at a time.
class SkewedRun {
 public:
  virtual ~SkewedRun() = default;
  /// The tile's window; what lies outside the frame must be 0, in the map too.
  [[nodiscard]] virtual TensorView image() = 0;
  [[nodiscard]] virtual TensorView noise_map() = 0;  ///< data is nullptr if the network is blind
  virtual void set_strength(float strength) = 0;     ///< as NetworkRun's
  virtual void run_tile(SkewedTile& tile) = 0;       ///< allocates nothing
  /// Of the window moved by skew_px to the left and up; along an axis with several tiles all but the outermost cells
  /// are right.
  [[nodiscard]] virtual ConstTensorView output() const = 0;
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
};

/// A network made ready for one grid: the borders that tiles share. Frames one after the other.
class SkewedNetwork {
 public:
  virtual ~SkewedNetwork() = default;
  [[nodiscard]] virtual std::unique_ptr<SkewedRun> prepare_run() = 0;  ///< threads  safe
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;          ///< of the borders
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The energy of a layer's features, summed tile by tile into cells of the picture: no layer is ever stored whole.
#pragma once

#include <cstdint>
#include <mutex>
#include <rdenoise/image.hpp>
#include <rdenoise/network.hpp>
#include <rdenoise/tiles.hpp>
#include <span>
#include <vector>

namespace rdenoise {

/// Figures of some features.
struct FeatureSums {
  double squares = 0.0;
  double magnitudes = 0.0;
  std::int64_t zeros = 0;
  std::int64_t count = 0;
};

class EnergyMap {
 public:
  /// downscale  of the layer; divides cell_px
  EnergyMap(int downscale, int cell_px, int columns, int rows);

  /// Adds what the tile's core holds of the layer.
  /// threads  several at the same time
  void add(const LayerResult& features, const Tile& tile);

  [[nodiscard]] const FeatureSums& sums() const noexcept { return sums_; }
  /// Root mean square by cell; 0 where nothing was added.
  [[nodiscard]] Image rms() const;

 private:
  int downscale_;
  int cell_px_;
  int columns_;
  int rows_;
  std::mutex mutex_;
  FeatureSums sums_;
  std::vector<double> squares_;      ///< by cell
  std::vector<std::int64_t> count_;  ///< by cell
};

/// Adds a row of one channel to the sums of its pixels: squares, magnitudes, and how many are 0.
void add_features(std::span<const float> values, float* squares, float* magnitudes, float* zeros);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/energy_map.hpp"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

RDENOISE_VECTOR_CLONES void add_row(const float* __restrict values, int count, float* __restrict squares,
                                    float* __restrict magnitudes, float* __restrict zeros) {
  for (int x = 0; x < count; ++x) {
    squares[x] += values[x] * values[x];
    magnitudes[x] += std::abs(values[x]);
    zeros[x] += values[x] == 0.F ? 1.F : 0.F;
  }
}

}  // namespace

void add_features(std::span<const float> values, float* squares, float* magnitudes, float* zeros) {
  add_row(values.data(), static_cast<int>(values.size()), squares, magnitudes, zeros);
}

EnergyMap::EnergyMap(int downscale, int cell_px, int columns, int rows)
    : downscale_(downscale),
      cell_px_(cell_px),
      columns_(columns),
      rows_(rows),
      squares_(static_cast<std::size_t>(columns) * rows),
      count_(squares_.size()) {}

void EnergyMap::add(const LayerResult& features, const Tile& tile) {
  const Rect& core = tile.core;
  const int width = core.width_px / downscale_;
  const int height = core.height_px / downscale_;
  const int left = (core.x_px - tile.window.x_px) / downscale_;
  const int top = (core.y_px - tile.window.y_px) / downscale_;
  const int cell = cell_px_ / downscale_;  // in pixels of the layer
  const int first_x = core.x_px / downscale_;
  const int first_y = core.y_px / downscale_;

  // The sums of a pixel stay float: a layer has some hundred channels. They have the same value in every tile.
  const auto n = static_cast<std::size_t>(width);
  std::vector<float> row(4 * n);
  const std::span<float> values(row.data(), n);
  float* const squares = row.data() + n;
  float* const magnitudes = squares + n;
  float* const zeros = magnitudes + n;
  FeatureSums tile_sums;
  tile_sums.count = static_cast<std::int64_t>(width) * height * features.channels();
  std::vector<double> row_squares(static_cast<std::size_t>(columns_));  // of one row, by column of cells
  for (int y = 0; y < height; ++y) {
    std::fill(row.begin(), row.end(), 0.F);
    for (int c = 0; c < features.channels(); ++c) {
      features.read_row(c, top + y, left, values);
      add_features(values, squares, magnitudes, zeros);
    }
    std::ranges::fill(row_squares, 0.0);
    for (int x = 0; x < width; ++x) {
      row_squares[static_cast<std::size_t>((first_x + x) / cell)] += squares[x];
      tile_sums.magnitudes += magnitudes[x];
      tile_sums.zeros += static_cast<std::int64_t>(zeros[x]);
    }
    const std::scoped_lock lock(mutex_);
    const std::size_t cell_row = static_cast<std::size_t>((first_y + y) / cell) * columns_;
    for (int column = first_x / cell; column <= (first_x + width - 1) / cell; ++column) {
      const int begin = std::max(column * cell, first_x);
      const int end = std::min((column + 1) * cell, first_x + width);
      squares_[cell_row + column] += row_squares[static_cast<std::size_t>(column)];
      count_[cell_row + column] += static_cast<std::int64_t>(end - begin) * features.channels();
      tile_sums.squares += row_squares[static_cast<std::size_t>(column)];
    }
  }
  const std::scoped_lock lock(mutex_);
  sums_.squares += tile_sums.squares;
  sums_.magnitudes += tile_sums.magnitudes;
  sums_.zeros += tile_sums.zeros;
  sums_.count += tile_sums.count;
}

Image EnergyMap::rms() const {
  Image map(ColorModel::gray, columns_, rows_);
  for (std::size_t i = 0; i < squares_.size(); ++i)
    map.samples()[i] =
        count_[i] == 0 ? 0.F : static_cast<float>(std::sqrt(squares_[i] / static_cast<double>(count_[i])));
  return map;
}

}  // namespace rdenoise

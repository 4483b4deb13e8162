// SPDX-License-Identifier: LGPL-2.1-or-later
// The σ map that a non-blind network takes beside the picture.
#pragma once

#include <array>
#include <rdenoise/network.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/noise_share.hpp>

namespace rdenoise {

/// True if fill_noise_map can fill the map of such a network.
[[nodiscard]] bool can_fill_noise_map(const NetworkSpec& spec) noexcept;

/// The noise of one plane at the four sites of its 2×2 cells, row by row; all alike unless the plane is a mosaic.
using CellNoise = std::array<NoiseModel, 4>;

/// σ = strength·√(mean variance of the noisy signal over all planes of the pixels that a map pixel covers). A map of
/// three channels belongs to the six planes of yuv420: the mean over luma's four, U, V.
///
/// picture  noisy; its origin is the origin of a 2×2 cell
/// noise    one for each of the picture's planes
/// map      [1 or 3, picture height / factor, picture width / factor]
void fill_noise_map(ConstTensorView picture, std::span<const CellNoise> noise, double strength, int factor,
                    TensorView map);

/// Where a map lies on the picture.
struct MapPlace {
  int x_px = 0;  ///< of the map's first pixel, in the picture; below 0 in the padding
  int y_px = 0;
  int factor = 1;   ///< edge of a map pixel, in pixels of the picture
  int cell_px = 2;  ///< edge of a cell of NoiseShare, in pixels of the picture
};

/// Multiplies a filled map by what share of σ is left: the mean over the cells that a map pixel covers, or the cell
/// that it lies in. Beyond the frame's cells the nearest goes on.
void weaken_noise_map(const NoiseShare& share, const MapPlace& place, TensorView map);

}  // namespace rdenoise

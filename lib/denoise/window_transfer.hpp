// SPDX-License-Identifier: LGPL-2.1-or-later
// From a picture into a network's window, and back.
#pragma once

#include <rdenoise/network.hpp>
#include <rdenoise/noise_share.hpp>
#include <rdenoise/tiles.hpp>
#include <span>

#include "denoise/passes.hpp"
#include "denoise/picture_stabiliser.hpp"

namespace rdenoise {

/// What the network is to see of a pass beside its pixels.
struct PassInputs {
  std::span<const CellNoise> noise;               ///< by plane, after stabilisation
  const PictureStabiliser* stabiliser = nullptr;  ///< nullptr: the picture is not stabilised
  const Layer* map_layer = nullptr;               ///< nullptr: the network is blind
  double strength = 1.0;
  const NoiseShare* noise_share = nullptr;  ///< nullptr: all of `noise` is there
};

/// Fills the noise map of a window of the padded picture.
/// image  the window, stabilised if there is a stabiliser
void fill_window_map(const Pass& pass, const PassInputs& inputs, const Rect& window, TensorView image,
                     TensorView noise_map);

/// Fills a network's inputs with a window that lies inside the padded picture.
/// scratch  as gather's
void fill_window(const Pass& pass, const PassInputs& inputs, const Rect& window, TensorView image, TensorView noise_map,
                 std::span<float> scratch);

/// Writes a tile's core, after the network has run.
/// image    the network's input: holds the restored picture if there is a stabiliser
/// scratch  as gather's
void put_out(const Pass& pass, const PictureStabiliser* stabiliser, const Tile& tile, ConstTensorView denoised,
             TensorView image, std::span<float> scratch);

}  // namespace rdenoise

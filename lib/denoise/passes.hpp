// SPDX-License-Identifier: LGPL-2.1-or-later
// How a frame is handed to a network: the pictures it is split into, each denoised by itself.
#pragma once

#include <array>
#include <rdenoise/network.hpp>
#include <rdenoise/noise.hpp>

#include "denoise/noise_map.hpp"
#include "denoise/padded_picture.hpp"

namespace rdenoise {

/// One picture of a frame.
struct Pass {
  ConstPicture src;
  Picture dst;
  Padding padding;
  std::array<CellNoise, max_planes> noise;  ///< by plane
  int cell_px = 2;                          ///< edge of a 2×2 cell of the frame in pixels of this picture
};

/// The passes of a frame; never allocates.
struct PassList {
  int count = 0;
  std::array<Pass, max_channels> passes;

  [[nodiscard]] const Pass* begin() const noexcept { return passes.data(); }
  [[nodiscard]] const Pass* end() const noexcept { return passes.data() + count; }
};

/// gray networks: each channel by itself; rgb: the three channels at once; bayer: the mosaic; yuv420: the frame in
/// cells.
///
/// noise  of any number of channels if neither a noise map nor stabilisation will look at it
[[nodiscard]] PassList split_into_passes(const NetworkSpec& spec, int alignment_px, const ConstFrameView& src,
                                         const FrameView& dst, const NoiseProfile& noise);

}  // namespace rdenoise

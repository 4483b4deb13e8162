// SPDX-License-Identifier: LGPL-2.1-or-later
// 4:2:0 pictures as float planes, and how RGB pictures become such.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <vector>

namespace rdenoise {

/// A 4:2:0 picture in memory of its own: Y, U, V as gray pictures of normalised signal, chroma of half the size,
/// rounded up. Neutral chroma is 0.5.
struct Yuv420Picture {
  Yuv420Picture() = default;
  /// throws  Error{invalid_argument} for sizes below 1
  Yuv420Picture(int width_px, int height_px);

  [[nodiscard]] FrameView view() noexcept;
  [[nodiscard]] ConstFrameView view() const noexcept;

  std::array<Image, 3> planes;
};

/// Y'CbCr of ITU-R BT.709-6 (item 3, Kr 0.2126 and Kb 0.0722) in full range: Y = Kr·R + (1 − Kr − Kb)·G + Kb·B,
/// U = (B − Y)/(2·(1 − Kb)) + ½, V = (R − Y)/(2·(1 − Kr)) + ½, of the samples as they are. Chroma is the mean of its
/// 2×2 pixels, or of those that there are at odd borders. Nothing is clipped.
///
/// throws  Error{invalid_argument} for other pictures than rgb
[[nodiscard]] Yuv420Picture yuv420_from_rgb(const Image& rgb);

/// The picture as networks of InputDomain::yuv420 see it: planes Y00 Y01 Y10 Y11 U V one after the other, each of
/// chroma's size, row by row. Where width or height is odd, luma's last column or row fills the last cells. The plain
/// twin of what Denoiser does while it reads frames, and what training patches are made of.
[[nodiscard]] std::vector<float> yuv420_planes(const Yuv420Picture& picture);

}  // namespace rdenoise

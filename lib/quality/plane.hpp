// SPDX-License-Identifier: LGPL-2.1-or-later
// One channel of a picture, as the quality measures see it.
#pragma once

#include <rdenoise/image.hpp>
#include <span>
#include <vector>

namespace rdenoise {

template <typename Sample>
struct BasicPlaneView {
  std::span<const Sample> samples;  ///< [height, width]
  int width_px = 0;
  int height_px = 0;

  [[nodiscard]] std::span<const Sample> row(int y_px) const noexcept {
    return samples.subspan(static_cast<std::size_t>(y_px) * width_px, width_px);
  }
};

template <typename Sample>
struct BasicPlane {
  std::vector<Sample> samples;  ///< [height, width]
  int width_px = 0;
  int height_px = 0;

  [[nodiscard]] BasicPlaneView<Sample> view() const noexcept { return {samples, width_px, height_px}; }
};

using PlaneView = BasicPlaneView<float>;
using Plane = BasicPlane<float>;
/// Where flat parts must come out flat after much filtering.
using DoublePlaneView = BasicPlaneView<double>;
using DoublePlane = BasicPlane<double>;

[[nodiscard]] inline PlaneView plane_view(const Image& image, int index) noexcept {
  return {image.plane(index), image.width_px(), image.height_px()};
}

/// Luma of BT.601, as the measures' authors use it; gray and mosaics as they are.
[[nodiscard]] Plane luma(const Image& image);

/// Means of 2×2 blocks. The last column and row of odd sizes meet a copy of themselves, or zeros.
enum class BeyondBorder { repeated, zero };
[[nodiscard]] Plane halved(const PlaneView& src, BeyondBorder beyond);

/// Every factor-th pixel of the running mean over factor×factor pixels, zeros beyond the border: how the authors of
/// FSIM reduce pictures (MATLAB's conv2 'same', which puts the odd pixel of an even window right and below).
[[nodiscard]] Plane reduced(const PlaneView& src, int factor);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <span>

#include "isp/color_matrix.hpp"

namespace rdenoise {

/// XYZ (D65) → camera RGB of six cameras of three makers.
///
/// Source: the tag ColorMatrix2 of DNG files that Adobe's DNG converter makes for these models. Chosen such that linear
/// sRGB → white-balanced camera RGB has no negative element: no colour of a picture leaves the sensor's range.
[[nodiscard]] std::span<const ColorMatrix> published_xyz_to_camera() noexcept;

/// Of an XYZ → camera matrix: white-balanced camera RGB → linear sRGB, white to white.
/// throws  Error{invalid_argument} if it cannot be inverted
[[nodiscard]] ColorMatrix balanced_camera_to_srgb(const ColorMatrix& xyz_to_camera);

}  // namespace rdenoise

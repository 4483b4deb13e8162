// SPDX-License-Identifier: LGPL-2.1-or-later
// Noise-free pictures made by formula: smooth gradients, sharp edges, fine texture and discs, of any size and the same
// on every machine. Features have a fixed size in pixels, as in photographs of that resolution.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise::test {

/// Signal of the scene at a pixel, 0.05 … 0.95. Plane 0 R (or gray), 1 G, 2 B; the planes share their edges.
[[nodiscard]] float formula_signal(int plane, int x_px, int y_px) noexcept;

[[nodiscard]] Image formula_gray(int width_px, int height_px);
[[nodiscard]] Image formula_rgb(int width_px, int height_px);
/// The rgb scene seen through a colour filter array.
[[nodiscard]] Image formula_bayer(int width_px, int height_px, CfaPattern cfa);

/// Every sample the same.
[[nodiscard]] Image flat_picture(ColorModel color_model, int width_px, int height_px, float signal);

}  // namespace rdenoise::test

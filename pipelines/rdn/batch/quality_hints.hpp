// SPDX-License-Identifier: LGPL-2.1-or-later
// How well a file was denoised, as far as that can be told without a reference.
#pragma once

#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>

#include "json_output.hpp"

namespace rdn {

/// Keys:
///   residual_sigma_8bit  of what was taken out
///   removed_share        its variance over that of the noise: 1 if all the noise went and nothing else; below if noise
///                        stayed, above if picture went too
///   autocorrelation_x, autocorrelation_y, autocorrelation_xy, structure_share   see rdenoise::ResidualWhiteness
/// A strength other than 1 aims at other shares than 1.
[[nodiscard]] Json quality_hints(const rdenoise::ConstFrameView& noisy, const rdenoise::ConstFrameView& denoised,
                                 const rdenoise::NoiseProfile& noise);

}  // namespace rdn

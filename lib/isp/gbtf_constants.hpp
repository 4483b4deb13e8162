// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

namespace rdenoise::gbtf {

/// Weights of the steps 0 … 4 from the site outwards: exp(−k²/8), a Gaussian of standard deviation 2 px, scaled to sum
/// 1. The paper's are equal. Against those: +0.1 dB on the Kodak crops and on RAW photos, +0.5 dB on sharp pictures
/// (DIV2K, reduced), +0.2 dB under noise of σ 5, −0.3 dB on CBSD68.
inline constexpr std::array<float, 5> distance_weights{0.33910F, 0.29925F, 0.20567F, 0.11009F, 0.04589F};

/// Added to a window's sum of 25 gradients, so that flat windows weigh the same. A thousandth of an 8-bit step a pixel.
inline constexpr float least_gradient_sum = 1e-4F;

}  // namespace rdenoise::gbtf

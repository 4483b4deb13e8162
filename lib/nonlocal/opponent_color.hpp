// SPDX-License-Identifier: LGPL-2.1-or-later
// The opponent colour space of CBM3D: luminance and two differences of colour.
#pragma once

#include <array>
#include <rdenoise/image.hpp>

namespace rdenoise {

/// In place: planes R, G, B to (R + G + B)/3, (R − B)/2, (R − 2·G + B)/4.
/// Source: Dabov et al., ICIP 2007, section 2.
void to_opponent(Image& rgb) noexcept;
void from_opponent(Image& opponent) noexcept;

/// σ of each opponent plane for σ = 1 in R, G and B: the norms of the rows above.
inline constexpr std::array<double, 3> opponent_sigma{0.57735026918962576, 0.70710678118654752, 0.61237243569579452};

}  // namespace rdenoise

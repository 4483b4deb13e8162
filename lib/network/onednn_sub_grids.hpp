// SPDX-License-Identifier: LGPL-2.1-or-later
// A convolution of dilation d never mixes pixels whose places differ modulo d. So it is d·d dense convolutions, each on
// the picture of every d-th pixel: a batch of small pictures, for which oneDNN has fast code where it has none for the
// dilated one.
#pragma once

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

/// sub_grids[(y mod d)·d + x mod d][y / d][x / d] = picture[y][x], with zeros where a sub-grid reaches beyond the
/// picture. Same layout on both sides.
void split_into_sub_grids(const Activation& picture, const Activation& sub_grids);

/// The inverse. What lies beyond the picture is dropped.
void join_sub_grids(const Activation& sub_grids, const Activation& picture);

}  // namespace rdenoise::onednn

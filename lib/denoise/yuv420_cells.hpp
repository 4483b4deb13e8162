// SPDX-License-Identifier: LGPL-2.1-or-later
// A 4:2:0 frame as six planes of one size: what is a stride of two in luma's rows is undone while they are read and
// written, so the planes of the frame are never stored.
#pragma once

#include "denoise/padded_picture.hpp"

namespace rdenoise {

/// gather() for yuv420_cells. Where width or height is odd, luma's last column or row fills the last cells; beyond them
/// the last cells are repeated.
///
/// window  in cells
/// dst     [6, ≥ window height, ≥ window width]
/// place   where in dst the window goes
void gather_cells(const ConstPicture& src, const Rect& window, TensorView dst, TensorPlace place);

/// scatter() for yuv420_cells.
///
/// src  [6, window height, window width]
void scatter_cells(ConstTensorView src, const Tile& tile, const Picture& dst);

}  // namespace rdenoise

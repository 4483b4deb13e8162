// SPDX-License-Identifier: LGPL-2.1-or-later
// The weighted mean of a frame's row and the last average's.
#pragma once

#include "temporal/change_evidence.hpp"

namespace rdenoise {

/// before + weight of the cell · (now − before), for one of the rows in a row of cells.
void blend_row(const CellSamples& samples, int row, const float* weights, float* averaged);

}  // namespace rdenoise

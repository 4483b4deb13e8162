// SPDX-License-Identifier: LGPL-2.1-or-later
// The weight of a new frame in its average, by how much of the difference between the two noise does not explain.
#pragma once

#include <cstdint>

#include "temporal/evidence_windows.hpp"

namespace rdenoise {

/// Sums over the squares around each cell of a row.
struct SquareSums {
  WindowSums energy;
  WindowSums shift;
};

/// The weight of this frame in each cell, and the σ share that is left then.
/// samples       in a cell, of all channels together
/// sigma_shares  of the last average
/// weights       as blend_row wants them
void choose_weights(const SquareSums& evidence, int cells, int samples, const float* sigma_shares,
                    std::int16_t* weights, float* sigma_shares_left);

}  // namespace rdenoise

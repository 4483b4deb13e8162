// SPDX-License-Identifier: LGPL-2.1-or-later
// Published weights that mean the same in another order, brought to this project's order.
#pragma once

#include <rdenoise/model.hpp>

namespace rdenoise {

/// Gives every convolution of a "model.N" stack a bias where only the first, or the first and the last, have one: no
/// bias is a bias of zero. Other patterns stay, for the check of the weights to name what is missing.
void fill_biases(Weights& weights);

/// Moves the noise map's planes of FFDNet's first convolution from before the sub-images to after them. Three planes,
/// one for each colour and all alike, become their sum.
/// throws  Error{corrupt} naming the tensor
void move_map_last(Weights& weights, const std::string& shown_name);

/// Splits layers of one tensor, features before noise planes, into the two that the class-aware description has. Known
/// by their widths: each but the first takes fewer channels than the one before gives. Others stay.
void split_noise_planes(Weights& weights);

/// Brings the sub-images of an FFDNet from MATLAB's order (c·4 + dx·2 + dy) to this project's (c·4 + dy·2 + dx).
/// spec  its description
void from_column_major(const NetworkSpec& spec, Weights& weights);

}  // namespace rdenoise

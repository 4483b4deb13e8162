// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks without their norms, in a form that a weights file can hold.
#pragma once

#include <rdenoise/network.hpp>

namespace rdenoise::training {

/// fold_batch_norm, and the tensors named as the registry names those of the network without norms, so that the file
/// loads: the numbering of a folded network has holes, and only some of its convolutions got a bias (the others get one
/// of zeros). Networks without norms stay as they are.
/// throws  as fold_batch_norm; Error{corrupt} if the network without norms has other tensors
[[nodiscard]] FoldedNetwork folded_for_export(const NetworkSpec& spec, const Weights& weights);

}  // namespace rdenoise::training

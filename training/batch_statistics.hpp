// SPDX-License-Identifier: LGPL-2.1-or-later
// Running averages of norms, measured anew.
#pragma once

#include "objective.hpp"
#include "torch_network.hpp"

namespace rdenoise::training {

/// Makes the running averages those of the last 8 batches before `step`, with the weights as they are. Averaged weights
/// need it: an average of running averages belongs to weights that no longer are, and early on to none at all.
/// (Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI 2018, section 3.2.)
/// Nothing is done for networks without norms.
void measure_batch_statistics(TorchNetwork& network, const Objective& objective, std::int64_t step,
                              torch::ScalarType compute);

}  // namespace rdenoise::training

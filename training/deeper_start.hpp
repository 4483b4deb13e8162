// SPDX-License-Identifier: LGPL-2.1-or-later
// A deeper network that starts from a shallower one's weights.
#pragma once

#include "checkpoint.hpp"

namespace rdenoise::training {

/// Weights of a plain chain of convolutions and ReLU (model.0, model.2, …) for a longer chain of the same width: before
/// the last layer come layers that pass their input on. What a ReLU gives is never negative, so the deeper network
/// starts as the same function. Chen, Goodfellow, Shlens, "Net2Net", ICLR 2016, section 2.3.
///
/// wanted   the longer network's tensors, by name
/// returns  `weights` as they are where `wanted` is no such chain
[[nodiscard]] NamedTensors deepened(NamedTensors weights, const NamedTensors& wanted);

}  // namespace rdenoise::training

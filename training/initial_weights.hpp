// SPDX-License-Identifier: LGPL-2.1-or-later
// The tensors that a network starts with.
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

#include "initialisation.hpp"

namespace rdenoise::training {

/// Weights, biases and the tensors of norms by their state-dict names, drawn from libtorch's own generator.
/// throws  as check_initialisation
[[nodiscard]] std::map<std::string, torch::Tensor> initial_state(const NetworkSpec& spec,
                                                                 Initialisation initialisation);

}  // namespace rdenoise::training

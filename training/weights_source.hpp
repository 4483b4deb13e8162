// SPDX-License-Identifier: LGPL-2.1-or-later
// Weights to start a run from, wherever they lie.
#pragma once

#include <string>

#include "checkpoint.hpp"

namespace rdenoise::training {

/// The weights of a checkpoint (its averaged ones), of a .safetensors file, or of a model by folder or by name on the
/// search path.  throws  Error{not_found|corrupt|unsupported}
[[nodiscard]] NamedTensors read_start_weights(const std::string& source);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// From a checkpoint to a model folder.
#pragma once

#include <filesystem>

#include "checkpoint.hpp"

namespace rdenoise::training {

enum class WhichWeights {
  best,  ///< the averaged weights of the best validation; the last ones if there was none yet
  last   ///< the averaged weights of the last step
};

/// Writes weights.safetensors (the averaged weights, batch norm folded) and, unless one is there, CARD.md. An existing
/// card is kept: people add their measurements to it.
void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder,
                  WhichWeights which = WhichWeights::best);

}  // namespace rdenoise::training

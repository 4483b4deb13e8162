// SPDX-License-Identifier: LGPL-2.1-or-later
// From a checkpoint to a model folder.
#pragma once

#include <filesystem>

#include "checkpoint.hpp"

namespace rdenoise::training {

/// Writes weights.safetensors (the averaged weights, batch norm folded) and, unless one is there, CARD.md. An existing
/// card is kept: people add their measurements to it.
void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder);

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// From a checkpoint to a model folder.
#pragma once

#include <filesystem>
#include <rdenoise/model.hpp>
#include <string>

#include "checkpoint.hpp"

namespace rdenoise::training {

enum class WhichWeights {
  best,  ///< the averaged weights of the best validation; the last ones if there was none yet
  last   ///< the averaged weights of the last step
};

/// Writes the averaged weights, batch norm folded, to where their recipe's task has them in a model folder:
///   weights.safetensors     and, unless one is there, CARD.md. An existing card is kept: people add their measurements
///   classifier.safetensors  of the task classify, with its temperature
/// throws  Error{corrupt} if the checkpoint's tensors are not its recipe's; Error{io}
void export_model(const Checkpoint& checkpoint, const std::filesystem::path& folder,
                  WhichWeights which = WhichWeights::best, StoredNumber stored = StoredNumber::f32);

/// Writes them as the weights of one class of pictures, classes/NAME.safetensors.
/// throws  the same; Error{invalid_argument} for a classifier's checkpoint, or a name that is none
/// (write_class_weights)
void export_class(const Checkpoint& checkpoint, const std::filesystem::path& folder, const std::string& class_name,
                  WhichWeights which = WhichWeights::best, StoredNumber stored = StoredNumber::f32);

}  // namespace rdenoise::training

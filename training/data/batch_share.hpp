// SPDX-License-Identifier: LGPL-2.1-or-later
// Batches shared by several processes.
#pragma once

namespace rdenoise::training {

/// Which part of each batch this process makes, if several train together: the patches keep their numbers.
struct BatchShare {
  int index = 0;
  int count = 1;  ///< must divide the batch

  /// How many of a batch's patches are this process's.  throws  Error{invalid_argument} if it cannot be shared evenly
  [[nodiscard]] int size(int batch) const;
  [[nodiscard]] int first(int batch) const { return index * size(batch); }
};

}  // namespace rdenoise::training

// SPDX-License-Identifier: LGPL-2.1-or-later
// Samples become the tensors of a batch.
#pragma once

#include "patch_source.hpp"
#include "sample.hpp"

namespace rdenoise::training {

/// Room for n samples, filled one by one, by any thread.
class BatchAssembly {
 public:
  /// map_layer  nullptr for blind networks
  /// pinned     memory from which a GPU can copy by itself
  BatchAssembly(int n, int channels, int side_px, const Layer* map_layer, bool pinned);

  /// The noise map is that of the denoiser: the root of the told variance's mean over factor × factor pixels, channel
  /// by channel.
  void put(int index, const Sample& sample);

  [[nodiscard]] Batch take() { return std::move(batch_); }

 private:
  Batch batch_;
  int side_px_;
  int map_factor_ = 0;  ///< 0: no map
  int map_channels_ = 0;
};

}  // namespace rdenoise::training

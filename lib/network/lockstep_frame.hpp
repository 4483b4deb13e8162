// SPDX-License-Identifier: LGPL-2.1-or-later
// A lowered network made ready for bands in lockstep.
#pragma once

#include <memory>
#include <rdenoise/lockstep_network.hpp>

#include "network/lockstep_borders.hpp"
#include "network/onednn_network.hpp"

namespace rdenoise::onednn {

class LockstepFrame final : public LockstepNetwork {
 public:
  /// network  a chain
  LockstepFrame(std::shared_ptr<const Network> network, const LockstepCut& cut);
  std::unique_ptr<LockstepBand> prepare_band(int index) override;
  std::size_t memory_bytes() const override { return borders_->memory_bytes(); }

 private:
  std::shared_ptr<const Network> network_;
  LockstepCut cut_;
  std::shared_ptr<LockstepBorders> borders_;
};

}  // namespace rdenoise::onednn

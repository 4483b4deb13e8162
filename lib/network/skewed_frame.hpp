// SPDX-License-Identifier: LGPL-2.1-or-later
// A lowered network made ready for the tiles of a skewed grid.
#pragma once

#include <memory>
#include <rdenoise/skewed_network.hpp>

#include "network/onednn_network.hpp"
#include "network/skewed_borders.hpp"

namespace rdenoise::onednn {

class SkewedFrame final : public SkewedNetwork {
 public:
  SkewedFrame(std::shared_ptr<const Network> network, const SkewedGrid& grid);
  std::unique_ptr<SkewedRun> prepare_run() override;
  std::size_t memory_bytes() const override { return borders_->memory_bytes(); }

 private:
  std::shared_ptr<const Network> network_;
  SkewedGrid grid_;
  std::shared_ptr<SkewedBorders> borders_;
};

}  // namespace rdenoise::onednn

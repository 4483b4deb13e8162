// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/skewed_frame.hpp"

#include <utility>

#include "network/onednn_errors.hpp"
#include "network/onednn_run.hpp"

namespace rdenoise::onednn {
namespace {

class SkewedWindow final : public SkewedRun {
 public:
  SkewedWindow(std::shared_ptr<const Network> network, const SkewedGrid& grid, std::shared_ptr<SkewedBorders> borders)
      : run_(std::move(network), grid.window_height_px, grid.window_width_px, &grid), borders_(std::move(borders)) {}
  TensorView image() override { return run_.image(); }
  TensorView noise_map() override { return run_.noise_map(); }
  void set_strength(float strength) override { run_.set_strength(strength); }
  void run_tile(SkewedTile& tile) override { run_.run_tile(tile, *borders_); }
  ConstTensorView output() const override { return run_.output(); }
  std::size_t memory_bytes() const override { return run_.memory_bytes(); }

 private:
  Run run_;
  std::shared_ptr<SkewedBorders> borders_;
};

}  // namespace

SkewedFrame::SkewedFrame(std::shared_ptr<const Network> network, const SkewedGrid& grid)
    : network_(std::move(network)), grid_(grid) {
  borders_ = std::make_shared<SkewedBorders>(grid, network_->chain->cell_px, bordered_planes(*network_));
}

std::unique_ptr<SkewedRun> SkewedFrame::prepare_run() {
  return translated("preparing network", [&] { return std::make_unique<SkewedWindow>(network_, grid_, borders_); });
}

}  // namespace rdenoise::onednn

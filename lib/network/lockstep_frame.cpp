// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/lockstep_frame.hpp"

#include <utility>

#include "network/onednn_errors.hpp"
#include "network/onednn_run.hpp"

namespace rdenoise::onednn {
namespace {

class LockstepWindow final : public LockstepBand {
 public:
  LockstepWindow(const std::shared_ptr<const Network>& network, const LockstepCut& cut, int index,
                 std::shared_ptr<LockstepBorders> borders)
      : chain_(*network->chain),
        run_(network, cut.window_height_px, cut.window_width_px),
        index_(index),
        borders_(std::move(borders)) {
    if (!cut.by_rows) run_.set_column(cut.window_begins_px[static_cast<std::size_t>(index)]);
    for (std::size_t i = 0; i < chain_.border_layer.size(); ++i)
      if (chain_.border_layer[i] >= 0) border_steps_.push_back(static_cast<int>(i));
  }

  TensorView image() override { return run_.image(); }
  TensorView noise_map() override { return run_.noise_map(); }
  void set_strength(float strength) override { run_.set_strength(strength); }
  ConstTensorView output() const override { return run_.output(); }
  std::size_t memory_bytes() const override { return run_.memory_bytes(); }

  void run_step(int step) override {
    const auto layer = static_cast<std::size_t>(step);
    const int before = step == 0 ? -1 : border_steps_[layer - 1];
    const bool is_last = layer == border_steps_.size();
    const int last = is_last ? static_cast<int>(chain_.border_layer.size()) - 1 : border_steps_[layer];
    if (step > 0) borders_->take(step - 1, index_, run_.result(before));
    run_.run_steps(before + 1, last + 1);
    if (!is_last) borders_->show(step, index_, run_.result(last));
  }

 private:
  const ChainSteps& chain_;
  Run run_;
  int index_;
  std::shared_ptr<LockstepBorders> borders_;
  std::vector<int> border_steps_;  ///< by layer: the plan's step whose result is shown
};

}  // namespace

LockstepFrame::LockstepFrame(std::shared_ptr<const Network> network, const LockstepCut& cut)
    : network_(std::move(network)), cut_(cut) {
  borders_ = std::make_shared<LockstepBorders>(cut, network_->chain->cell_px, bordered_planes(*network_));
}

std::unique_ptr<LockstepBand> LockstepFrame::prepare_band(int index) {
  return translated("preparing network",
                    [&] { return std::make_unique<LockstepWindow>(network_, cut_, index, borders_); });
}

}  // namespace rdenoise::onednn

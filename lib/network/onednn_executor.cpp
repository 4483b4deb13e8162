// SPDX-License-Identifier: LGPL-2.1-or-later
// The fast executor.
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

#include "network/lockstep_frame.hpp"
#include "network/onednn_errors.hpp"
#include "network/onednn_network.hpp"
#include "network/onednn_precision.hpp"
#include "network/onednn_run.hpp"
#include "network/skewed_frame.hpp"
#include "network/window_cost.hpp"

namespace rdenoise {
namespace onednn {
namespace {

class OneDnnExecutor final : public Executor {
 public:
  OneDnnExecutor(const NetworkSpec& spec, const Weights& weights, Precision precision, std::span<const int> watched)
      : alignment_px_(alignment_px(spec)), network_(make_network(spec, weights, precision, watched)) {}

  double window_cost(int height_px, int width_px, int in_turn, bool is_padded) const override {
    return onednn::window_cost(network_->spec, network_->plan, height_px, width_px, in_turn, is_padded);
  }

  std::optional<SkewedChain> skewed_chain() const override {
    if (!network_->chain) return std::nullopt;
    return SkewedChain{network_->chain->cell_px, network_->chain->depth};
  }

  std::unique_ptr<SkewedNetwork> prepare_skewed(const SkewedGrid& grid) const override {
    if (!network_->chain) return Executor::prepare_skewed(grid);
    return translated("preparing network", [&] { return std::make_unique<SkewedFrame>(network_, grid); });
  }

  std::unique_ptr<LockstepNetwork> prepare_lockstep(const LockstepCut& cut) const override {
    if (!network_->chain) return Executor::prepare_lockstep(cut);
    return translated("preparing network", [&] { return std::make_unique<LockstepFrame>(network_, cut); });
  }

  std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const override {
    if (height_px < 1 || width_px < 1 || height_px % alignment_px_ != 0 || width_px % alignment_px_ != 0)
      throw Error(ErrorCode::invalid_argument, "preparing network: expected a size in multiples of " +
                                                   std::to_string(alignment_px_) + " px, found " +
                                                   std::to_string(width_px) + "x" + std::to_string(height_px));
    return translated("preparing network", [&] { return std::make_unique<Run>(network_, height_px, width_px); });
  }

  Precision precision() const noexcept override { return network_->precision; }

  std::size_t weights_bytes() const override { return network_->weights_bytes(); }

 private:
  int alignment_px_;
  std::shared_ptr<const Network> network_;
};

}  // namespace
}  // namespace onednn

std::unique_ptr<Executor> make_onednn_executor(const NetworkSpec& spec, const Weights& weights, Precision precision,
                                               std::span<const int> watched) {
  return onednn::translated("making executor", [&] {
    return std::make_unique<onednn::OneDnnExecutor>(spec, weights, onednn::usable_precision(spec, weights, precision),
                                                    watched);
  });
}

}  // namespace rdenoise

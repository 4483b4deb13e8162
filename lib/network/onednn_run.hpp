// SPDX-License-Identifier: LGPL-2.1-or-later
// A run of the fast executor: a list of steps over one arena. Convolutions by oneDNN, those to few channels by
// own_convolution, the rest by onednn_moves.
#pragma once

#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <rdenoise/network.hpp>
#include <vector>

#include "network/onednn_arena.hpp"
#include "network/onednn_moves.hpp"
#include "network/onednn_network.hpp"
#include "network/onednn_winograd.hpp"
#include "network/skewed_borders.hpp"

namespace rdenoise::onednn {

/// A primitive with its arguments bound.
struct BoundConvolution {
  dnnl::convolution_forward primitive;
  std::vector<dnnl::memory> memories;
  std::vector<dnnl_exec_arg_t> arguments;
};

class Run final : public NetworkRun {
 public:
  /// grid  of which this is a window; nullptr: of a tile by itself
  Run(std::shared_ptr<const Network> network, int height_px, int width_px, const SkewedGrid* grid = nullptr);

  TensorView image() override { return port(network_->plan.image); }
  TensorView noise_map() override {
    return network_->plan.noise_map < 0 ? TensorView{} : port(network_->plan.noise_map);
  }
  ConstTensorView output() const override {
    const TensorView view = port(network_->plan.output);
    return {view.data, view.channels, view.height, view.width};
  }
  ConstTensorView noise_estimate() const override {
    if (network_->plan.noise_estimate < 0) return {};
    const TensorView view = port(network_->plan.noise_estimate);
    return {view.data, view.channels, view.height, view.width};
  }
  void set_strength(float strength) override { strength_ = strength; }
  void set_column(int x_px) override { column_px_ = x_px; }
  std::size_t memory_bytes() const override { return arena_bytes_; }

  void run() override;
  void run_observed(const LayerObserver& observe) override;
  void run_tile(SkewedTile& tile, SkewedBorders& borders);

  /// Of the plan's steps those from `begin` to `end`.
  void run_steps(int begin, int end);
  /// What the step has computed, until another value takes its place.
  [[nodiscard]] const Activation& result(int step) const;

 private:
  using Chosen = std::vector<dnnl::convolution_forward::primitive_desc>;  // by step; empty for other kinds

  /// exact: a window is as large as it was asked for; its planner has chosen the size.
  void lay_out_values(int height_px, int width_px, bool exact);
  /// Convolutions whose borders are shared write further on in memory than the next one reads.
  void skew(const SkewedGrid& grid);
  /// Whether the step's result as stored() begins at an odd column of the picture.
  [[nodiscard]] bool begins_odd(std::size_t step) const;
  /// The value as the step that computes it writes it.
  [[nodiscard]] Activation stored(int value) const;
  /// Of the convolutions from values of the same size as this one.
  [[nodiscard]] std::vector<WinogradShape> winograd_shapes(const Value& value) const;
  [[nodiscard]] Chosen choose_convolutions() const;
  /// The value that this one lies in; −1: none, or it cannot, because that one is padded.
  [[nodiscard]] int host_of(std::size_t value) const;
  /// What the step would copy is where it would be copied to.
  [[nodiscard]] bool lies_there(const Step& step) const;
  void allocate(const Chosen& chosen);
  void bind(const Chosen& chosen);
  [[nodiscard]] BoundConvolution bind_convolution(const Step& step,
                                                  const dnnl::convolution_forward::primitive_desc& desc) const;
  void compute(std::size_t index);
  [[nodiscard]] FusedSum fused_sum_of(const Step& step) const;
  void execute(const BoundConvolution& convolution);
  /// Makes zero what the steps between convolutions do not write.
  static void clear_surplus(const Activation& dst);
  [[nodiscard]] TensorView port(int value) const;

  std::shared_ptr<const Network> network_;
  dnnl::stream stream_;
  Arena arena_;
  std::size_t arena_bytes_ = 0;
  float strength_ = 1.0F;
  int column_px_ = 0;       ///< of the picture, where the window begins; of skewed windows the first layer's
  int column_step_px_ = 0;  ///< from a skewed window to the next; 0: there is one column of them
  void* scratchpad_ = nullptr;
  std::vector<Activation> activations_;         // by value
  std::vector<int> columns_back_;               // by step: by how many cells its skewed windows begin before the first
  std::vector<std::size_t> store_offsets_;      // by value: bytes from where it is read to where it is written
  std::vector<BoundConvolution> convolutions_;  // by step
};

}  // namespace rdenoise::onednn

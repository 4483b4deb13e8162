// SPDX-License-Identifier: LGPL-2.1-or-later
// What Denoiser does, on any executor.
#pragma once

#include <memory>
#include <rdenoise/denoise.hpp>
#include <rdenoise/parallel.hpp>
#include <string>
#include <vector>

#include "denoise/passes.hpp"
#include "denoise/picture_stabiliser.hpp"

namespace rdenoise {

class FrameDenoiser {
 public:
  /// executor  of the network that spec describes
  /// options   precision is the executor's affair
  FrameDenoiser(std::string model_name, NetworkSpec spec, std::shared_ptr<const Executor> executor,
                const DenoiseOptions& options);

  [[nodiscard]] Precision precision() const noexcept { return executor_->precision(); }
  [[nodiscard]] double strength() const noexcept { return strength_; }
  void set_strength(double strength);
  /// Another set of weights for the same description. The old one's working memory is given back first.
  void set_executor(std::shared_ptr<const Executor> executor);
  void denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise);
  [[nodiscard]] TilePlan plan(int width_px, int height_px) const;

 private:
  /// A worker's own: nobody else touches it.
  struct Worker {
    std::unique_ptr<NetworkRun> run;
    std::vector<float> scratch;
  };
  /// A padded size with its plan and the networks made ready for the plan's windows.
  struct PreparedSize {
    TilePlan plan;
    std::vector<Worker> workers;
  };

  void check(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise) const;
  [[nodiscard]] TilePlan plan_padded(int padded_width_px, int padded_height_px) const;
  [[nodiscard]] PreparedSize* find_prepared(const Padding& padding);
  void prepare_sizes(const PassList& passes);
  void run_pass(const Pass& pass, PreparedSize& prepared, const PictureStabiliser* stabiliser);

  std::string model_name_;
  NetworkSpec spec_;
  std::shared_ptr<const Executor> executor_;
  double strength_ = 1.0;
  bool stabilise_variance_ = false;
  int tile_size_px_ = 0;
  int alignment_px_ = 1;
  int halo_px_ = 0;
  WorkerPool workers_;
  std::vector<PreparedSize> prepared_;                       ///< of the last frame
  std::array<PictureStabiliser, max_channels> stabilisers_;  ///< by pass, of the last frame
};

}  // namespace rdenoise

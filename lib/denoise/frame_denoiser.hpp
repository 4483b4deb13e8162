// SPDX-License-Identifier: LGPL-2.1-or-later
// What Denoiser does, on any executor.
#pragma once

#include <functional>
#include <memory>
#include <rdenoise/denoise.hpp>
#include <rdenoise/parallel.hpp>
#include <string>
#include <vector>

#include "denoise/lockstep_bands.hpp"
#include "denoise/passes.hpp"
#include "denoise/picture_stabiliser.hpp"
#include "denoise/skewed_tiles.hpp"

namespace rdenoise {

/// A tile whose inputs are filled: what is left is to run the network and to use what it gives.
struct FilledTile {
  const Pass& pass;
  const Tile& tile;
  NetworkRun& run;
  const PictureStabiliser* stabiliser;  ///< nullptr: the picture is not stabilised
  std::span<float> scratch;             ///< as gather's
};
/// Called by several threads at the same time, each with a run and scratch of its own.
using TileWork = std::function<void(const FilledTile& filled)>;

class FrameDenoiser {
 public:
  /// executor  of the network that spec describes
  /// options   precision is the executor's affair
  FrameDenoiser(std::string model_name, NetworkSpec spec, std::shared_ptr<const Executor> executor,
                const DenoiseOptions& options);

  [[nodiscard]] Precision precision() const noexcept { return executor_->precision(); }
  [[nodiscard]] double strength() const noexcept { return strength_; }
  void set_strength(double strength);
  /// throws  Error{invalid_argument} unless the network can denoise the frame and the profile is for it
  void check_source(const ConstFrameView& src, const NoiseProfile& noise) const;
  /// Another set of weights for the same description. The old one's working memory is given back first.
  void set_executor(std::shared_ptr<const Executor> executor);
  /// What the first frame of a size would else do. Pixels are not looked at.
  void prepare(const ConstFrameView& frame);
  void denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
               const NoiseShare* noise_share = nullptr);
  /// Fills the network's inputs with one tile after the other and leaves the rest to `work`.
  /// dst  what the passes' dst are views of; not touched here
  void for_each_tile(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise, const TileWork& work);
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
    std::vector<Worker> workers;              ///< of an overlapping plan
    std::unique_ptr<SkewedTiles> skewed;      ///< of a skewed one
    std::unique_ptr<LockstepBands> lockstep;  ///< of one in lockstep
  };
  /// Which plans a caller can use: what looks into a tile needs it by itself.
  enum class Plans { overlapping, any };

  void check_share(const ConstFrameView& src, const NoiseShare& share) const;
  void check_destination(const ConstFrameView& src, const FrameView& dst) const;
  [[noreturn]] void refuse(const std::string& expected, const std::string& found) const;
  [[nodiscard]] TilePlan plan_padded(int padded_width_px, int padded_height_px, Plans plans) const;
  [[nodiscard]] TilePlan plan_skewed(const SkewedChain& chain, int padded_width_px, int padded_height_px) const;
  [[nodiscard]] TilePlan plan_lockstep(const SkewedChain& chain, int padded_width_px, int padded_height_px) const;
  [[nodiscard]] PreparedSize* find_prepared(const Padding& padding);
  [[nodiscard]] PassList prepare_passes(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise,
                                        Plans plans);
  void prepare_sizes(const PassList& passes, Plans plans);
  void prepare_workers(PreparedSize& size);
  [[nodiscard]] PassInputs inputs_of(const Pass& pass, int index, const NoiseShare* noise_share);
  void run_pass(const Pass& pass, PreparedSize& prepared, const PassInputs& inputs, const TileWork& work);

  std::string model_name_;
  NetworkSpec spec_;
  std::shared_ptr<const Executor> executor_;
  double strength_ = 1.0;
  bool stabilise_variance_ = false;
  int tile_size_px_ = 0;
  TileSchedule schedule_ = TileSchedule::automatic;
  Plans prepared_plans_ = Plans::any;  ///< what prepared_ was chosen from
  int alignment_px_ = 1;
  int halo_px_ = 0;
  WorkerPool workers_;
  std::vector<PreparedSize> prepared_;                       ///< of the last frame
  std::array<PictureStabiliser, max_channels> stabilisers_;  ///< by pass, of the last frame
};

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a frame's time went, as rdn bench shows it.
#pragma once

#include <rdenoise/stage_times.hpp>
#include <string>
#include <vector>

namespace rdn {

/// One stage of a frame, or one step of the network.
struct StageShare {
  std::string name;  ///< "gather", "3 convolution 64→64 3x3"
  rdenoise::FrameStage stage;
  std::string kind;            ///< of steps: "convolution"
  double ms = 0.0;             ///< of a frame, over all threads, divided by them: idle time added, it makes the frame's
  double share = 0.0;          ///< of all stages
  double gflop = 0.0;          ///< of a frame, halo work included
  double gflops = 0.0;         ///< as if all threads did only this; 0 without arithmetic
  double flop_per_byte = 0.0;  ///< 0 without arithmetic
};

struct StageSplit {
  std::vector<StageShare> stages;
  StageShare whole;      ///< all stages together
  double idle_ms = 0.0;  ///< the frame's ms less that of the stages: waiting, and what belongs to no stage
};

/// frame_ms  wall time of a frame while it was recorded
[[nodiscard]] StageSplit split_of(const std::vector<rdenoise::StageTime>& times, int frames, int n_threads,
                                  double frame_ms);

/// "gather", "noise map", "network", "scatter" summed up.
[[nodiscard]] double stage_ms(const StageSplit& split, rdenoise::FrameStage stage) noexcept;

}  // namespace rdn

// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stage_split.hpp"

#include <algorithm>

namespace rdn {
namespace {

using rdenoise::FrameStage;
using rdenoise::StageTime;
using rdenoise::StageWork;

std::string name_of(const StageWork& work) {
  switch (work.stage) {
    case FrameStage::gather:
      return "gather";
    case FrameStage::noise_map:
      return "noise map";
    case FrameStage::scatter:
      return "scatter";
    case FrameStage::layer:
      break;
  }
  std::string name = std::to_string(work.step) + " " + work.kind + " " + std::to_string(work.in_channels) + "→" +
                     std::to_string(work.out_channels);
  const std::string kernel = std::to_string(work.kernel_px);
  return work.kernel_px > 0 ? name + " " + kernel + "x" + kernel : name;
}

}  // namespace

StageSplit split_of(const std::vector<StageTime>& times, int frames, int n_threads, double frame_ms) {
  StageSplit split;
  double seconds = 0.0;
  double flop = 0.0;
  double bytes = 0.0;
  for (const StageTime& time : times) {
    seconds += time.seconds;
    flop += time.work.flop;
    bytes += time.work.bytes;
  }
  const auto share_of = [&](double own_seconds, double own_flop, double own_bytes) {
    StageShare share;
    share.ms = own_seconds * 1e3 / frames / n_threads;
    share.share = seconds > 0.0 ? own_seconds / seconds : 0.0;
    share.gflop = own_flop / 1e9 / frames;
    share.gflops = own_seconds > 0.0 ? own_flop / own_seconds / 1e9 * n_threads : 0.0;
    share.flop_per_byte = own_bytes > 0.0 ? own_flop / own_bytes : 0.0;
    return share;
  };
  for (const StageTime& time : times) {
    StageShare share = share_of(time.seconds, time.work.flop, time.work.bytes);
    share.name = name_of(time.work);
    share.stage = time.work.stage;
    share.kind = time.work.kind;
    split.stages.push_back(std::move(share));
  }
  split.whole = share_of(seconds, flop, bytes);
  split.whole.name = "all stages";
  split.idle_ms = std::max(0.0, frame_ms - split.whole.ms);
  return split;
}

double stage_ms(const StageSplit& split, FrameStage stage) noexcept {
  double ms = 0.0;
  for (const StageShare& share : split.stages)
    if (share.stage == stage) ms += share.ms;
  return ms;
}

}  // namespace rdn

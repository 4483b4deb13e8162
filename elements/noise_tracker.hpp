// SPDX-License-Identifier: LGPL-2.1-or-later
// The noise of a stream: estimates of single frames, smoothed over time and started afresh at each scene.
#pragma once

#include <optional>
#include <rdenoise/noise.hpp>

#include "scene_change.hpp"

namespace rdenoise::gst {

struct TrackerOptions {
  EstimateOptions estimate = EstimateOptions::video();
  int interval_frames = 5;  ///< a new estimate every so many frames
  double smoothing = 0.7;   ///< share of the past in the mean, 0 … 1
};

class NoiseTracker {
 public:
  struct Update {
    NoiseProfile profile;
    bool measured;  ///< this frame was looked at; else the profile is that of an earlier frame of the same scene
  };

  /// Frames come in order and share format and levels: call reset() when these change.
  [[nodiscard]] Update update(const ConstFrameView& frame, const TrackerOptions& options);

  void reset() noexcept;

 private:
  std::optional<NoiseProfile> smoothed_;
  SceneChange scene_change_;
  int frames_since_estimate_ = 0;
};

/// The mean of two profiles, weighed by share and confidence.
[[nodiscard]] NoiseProfile blend(const NoiseProfile& past, const NoiseProfile& now, double share_of_past) noexcept;

}  // namespace rdenoise::gst

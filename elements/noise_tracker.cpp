// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise_tracker.hpp"

#include <cmath>

namespace rdenoise::gst {

NoiseTracker::Update NoiseTracker::update(const ConstFrameView& frame, const TrackerOptions& options) {
  const bool new_scene = scene_change_.begins_with(frame) || !smoothed_;
  ++frames_since_estimate_;
  if (!new_scene && frames_since_estimate_ < options.interval_frames) return {*smoothed_, false};

  const NoiseProfile estimate = estimate_noise(frame, options.estimate);
  smoothed_ = new_scene ? estimate : blend(*smoothed_, estimate, options.smoothing);
  frames_since_estimate_ = 0;
  return {*smoothed_, true};
}

void NoiseTracker::reset() noexcept {
  smoothed_.reset();
  scene_change_.reset();
  frames_since_estimate_ = 0;
}

NoiseProfile blend(const NoiseProfile& past, const NoiseProfile& now, double share_of_past) noexcept {
  const double past_weight = share_of_past * past.confidence;
  const double now_weight = (1.0 - share_of_past) * now.confidence;
  const double sum = past_weight + now_weight;
  const double past_share = sum > 0.0 ? past_weight / sum : share_of_past;
  NoiseProfile mean = now;
  for (int c = 0; c < now.channel_count; ++c) {
    mean.channels[c].a = std::lerp(now.channels[c].a, past.channels[c].a, past_share);
    mean.channels[c].b = std::lerp(now.channels[c].b, past.channels[c].b, past_share);
    if (!now.channels[c].level_function && !past.channels[c].level_function) continue;
    NoiseLevelFunction& function = mean.channels[c].level_function.emplace();
    for (int i = 0; i < NoiseLevelFunction::level_count; ++i) {
      const double level = NoiseLevelFunction::level(i);
      function.variance[i] =
          static_cast<float>(std::lerp(now.channels[c].variance(level), past.channels[c].variance(level), past_share));
    }
  }
  mean.confidence = std::lerp(now.confidence, past.confidence, share_of_past);
  return mean;
}

}  // namespace rdenoise::gst

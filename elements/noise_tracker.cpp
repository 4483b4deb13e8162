// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace rdenoise::gst {

NoiseTracker::Update NoiseTracker::update(const ConstFrameView& frame, const TrackerOptions& options) {
  const SceneSignature signature = signature_of(frame);
  const bool new_scene = !smoothed_ || is_scene_cut(signature_, signature);
  signature_ = signature;
  ++frames_since_estimate_;
  if (!new_scene && frames_since_estimate_ < options.interval_frames) return {*smoothed_, false};

  const NoiseProfile estimate = estimate_noise(frame, options.estimate);
  smoothed_ = new_scene ? estimate : blend(*smoothed_, estimate, options.smoothing);
  frames_since_estimate_ = 0;
  return {*smoothed_, true};
}

void NoiseTracker::reset() noexcept {
  smoothed_.reset();
  frames_since_estimate_ = 0;
}

NoiseTracker::SceneSignature NoiseTracker::signature_of(const ConstFrameView& frame) {
  const ConstChannelView& channel = frame.channels[0];
  SceneSignature signature{};
  std::vector<float> row(channel.width_px);
  for (int cell_y = 0; cell_y < signature_rows; ++cell_y) {
    read_row(channel, (2 * cell_y + 1) * channel.height_px / (2 * signature_rows), 0, row);
    for (int cell_x = 0; cell_x < signature_columns; ++cell_x) {
      const int begin = cell_x * channel.width_px / signature_columns;
      const int end = std::max(begin + 1, (cell_x + 1) * channel.width_px / signature_columns);
      signature[cell_y * signature_columns + cell_x] =
          std::accumulate(row.begin() + begin, row.begin() + end, 0.F) / static_cast<float>(end - begin);
    }
  }
  return signature;
}

bool NoiseTracker::is_scene_cut(const SceneSignature& before, const SceneSignature& now) noexcept {
  // A cut changes the means by a good part of the picture's own level. Noise does not: a cell of a picture 176 pixels
  // wide is the mean of 11, so even σ = 50/255 moves it by 0.06.
  float difference = 0.F;
  float level = 0.F;
  for (std::size_t i = 0; i < now.size(); ++i) {
    difference += std::abs(now[i] - before[i]);
    level += 0.5F * (std::abs(now[i]) + std::abs(before[i]));
  }
  const auto cells = static_cast<float>(now.size());
  return difference / cells > 0.02F + 0.25F * level / cells;
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

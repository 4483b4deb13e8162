// SPDX-License-Identifier: LGPL-2.1-or-later
// Averages the frames of a stream over time before the network sees them, where that is wished.
#pragma once

#include <optional>
#include <rdenoise/network.hpp>
#include <rdenoise/temporal_average.hpp>

#include "rdenoise_properties.hpp"

namespace rdenoise::gst {

class FrameAverage {
 public:
  /// The frame itself, with no share, if it is not to be averaged: by the settings, or because the network cannot be
  /// told what noise is left. Frames come in order.
  /// in_use  preset that the network stands for; none: it was named, or is the default one
  [[nodiscard]] AveragedFrame average(const ConstFrameView& frame, const NoiseProfile& noise,
                                      const DenoiseSettings& settings, Preset in_use, const NetworkSpec& network);

  /// The next frame is the first.
  void reset() noexcept;

 private:
  std::optional<TemporalAverage> average_;
  int n_threads_ = 0;  ///< of average_
};

}  // namespace rdenoise::gst

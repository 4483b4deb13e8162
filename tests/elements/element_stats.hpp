// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <string>

#include "elements/test_frames.hpp"

namespace rdenoise::test {

/// The property `stats` of rdenoise.
struct DenoiseStats {
  std::uint64_t frames = 0;
  std::uint64_t dropped = 0;
  double cost_mean_ms = -1.0;
  double cost_p95_ms = -1.0;
  double budget_ms = -1.0;
  std::uint64_t latency_ns = 0;
  std::string model;
  std::string quality;
  std::uint64_t switches = 0;
};

/// Fails the test if a field is missing or of another type.
[[nodiscard]] DenoiseStats stats_of(GstElement* rdenoise);

/// The layout's caps with another framerate.
[[nodiscard]] std::string caps_at(const FrameLayout& layout, const std::string& framerate);

}  // namespace rdenoise::test

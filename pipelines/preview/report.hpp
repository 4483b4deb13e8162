// SPDX-License-Identifier: LGPL-2.1-or-later
// What a preview tells about itself: on the picture, in the terminal, as JSON.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <string>

#include "frame_counters.hpp"

namespace rdn::preview {

/// Of rdenoise's property `stats`.
struct DenoiseFigures {
  std::uint64_t dropped = 0;
  std::uint64_t switches = 0;
  double cost_mean_ms = 0.0;
  double cost_p95_ms = 0.0;
  std::string model;
  std::string quality;
};

[[nodiscard]] DenoiseFigures denoise_figures(GstElement* denoise);

struct ReportFacts {
  FrameFigures frames;
  DenoiseFigures denoise;
  double sigma_8bit = -1.0;  ///< below 0: not measured
  double strength = 1.0;     ///< 0: off
  double seconds = 0.0;      ///< since the start
};

[[nodiscard]] std::string overlay_text(const ReportFacts& facts);
/// To stderr; on a terminal over the line before, unless it is the last.
void print_line(const ReportFacts& facts, bool is_last);
/// One object on a line of stdout.
void print_json(const ReportFacts& facts, bool is_last);

}  // namespace rdn::preview

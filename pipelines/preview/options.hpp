// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <rdenoise/preset.hpp>
#include <string>
#include <vector>

namespace rdn::preview {

/// Presets to choose from: all that are one, the cheapest first.
inline std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const rdenoise::Preset preset : rdenoise::presets)
    if (preset != rdenoise::Preset::none) names.emplace_back(to_string(preset));
  return names;
}

/// What the user asked `rdn preview` for.
struct Options {
  std::string
      source;  ///< empty: the first camera; "test"; /dev/videoN or v4l2:///dev/videoN; libcamera[://NAME]; a file
  std::string sink = "window";  ///< window, fake, or a file: .mkv, .webm or .mp4
  std::string preset = "live";
  std::string model;         ///< empty: by preset
  double sigma_8bit = -1.0;  ///< below 0: measured
  double strength = 1.0;
  double test_sigma_8bit = 15.0;  ///< noise of the test source
  std::string size;               ///< WxH that a camera or the test source is asked for; empty: its own choice
  double frame_rate = 0.0;        ///< the same; 0: its own choice
  bool bayer = false;             ///< a camera, or the test source, gives mosaics
  bool compare = false;
  bool loop = false;
  double duration_s = 0.0;  ///< 0: until the source ends or the user leaves
  bool overlay = true;
  bool json = false;
};

}  // namespace rdn::preview

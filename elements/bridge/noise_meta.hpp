// SPDX-License-Identifier: LGPL-2.1-or-later
// The custom meta RdNoiseProfile: noise measured on a buffer, and the domain it was measured in.
//
// It is registered without tags. A tag such as "colorspace" would make converters drop it, which looks right, but
// bayer2rgb and others drop it for any tag, and a queue keeps it for all; so it travels everywhere, and the reader
// checks the domain instead.
//
// Fields: version (int, 2; 1 is read too), format (string), width, height (int), colorimetry (string), black, white
// (arrays of 4, levels in DN), a, b (arrays, one for each colour, none negative), confidence (double, 0 … 1); and, if
// any colour has one, level-function (array of one array for each colour: the variance at 33 levels from black to
// white, or empty where a and b say it all).
#pragma once

#include <gst/gst.h>

#include <optional>
#include <rdenoise/noise.hpp>
#include <string>

#include "bridge/caps.hpp"

namespace rdenoise::gst {

inline constexpr const char* noise_meta_name = "RdNoiseProfile";

/// What must be equal for a profile to mean the same.
struct NoiseDomain {
  std::string format;
  int width_px = 0;
  int height_px = 0;
  std::string colorimetry;
  FrameLevels levels;

  [[nodiscard]] bool operator==(const NoiseDomain& other) const;
};

[[nodiscard]] NoiseDomain noise_domain(const FrameFormat& format, const FrameLevels& levels);

struct MeasuredNoise {
  NoiseDomain domain;
  NoiseProfile profile;
};

/// Once in a process, before any other function here.
void register_noise_meta();

/// True for metas of this kind.
[[nodiscard]] bool is_noise_meta(const GstMeta* meta);

/// Puts the profile on a writable buffer, in place of an older one.
void attach_noise(GstBuffer* buffer, const MeasuredNoise& noise);

/// From a writable buffer, if it has one.
void remove_noise(GstBuffer* buffer);

/// nullopt if the buffer has none, or one that is damaged or of a version unknown here.
[[nodiscard]] std::optional<MeasuredNoise> read_noise(GstBuffer* buffer);

/// Sets a, b, confidence and level-function, as in the meta, in messages and properties.
void set_profile(GstStructure* structure, const NoiseProfile& profile);

}  // namespace rdenoise::gst

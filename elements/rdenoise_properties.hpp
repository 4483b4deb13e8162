// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties of rdenoise.
#pragma once

#include <gst/gst.h>

#include <rdenoise/denoise.hpp>
#include <rdenoise/preset.hpp>
#include <string>

namespace rdenoise::gst {

enum DenoiseProperty {
  prop_model = 1,
  prop_sigma,
  prop_strength,
  prop_precision,
  prop_tile_size,
  prop_n_threads,
  prop_stabilise_variance,
  prop_picture_class,
  prop_current_picture_class,
  prop_preset,
  prop_temporal,
  prop_stats
};

inline constexpr const char* current_picture_class_name = "current-picture-class";

/// Whether frames are averaged over time before the network.
enum class Temporal { automatic, off, on };

/// What the user asked for. Guarded by the object lock; copied out once for each frame.
struct DenoiseSettings {
  std::string model;  ///< empty: by preset and format
  Preset preset = Preset::none;
  Temporal temporal = Temporal::automatic;
  double sigma_8bit = -1.0;
  double strength = 1.0;
  Precision precision = Precision::automatic;
  int tile_size_px = 0;
  int n_threads = 0;
  bool stabilise_variance = false;
  std::string picture_class = DenoiseOptions{}.picture_class;
};

void install_denoise_properties(GObjectClass* object_class);

/// Both for a caller that holds the object lock, and for settings: current-picture-class and stats are the element's.
/// returns  false if there is no property of that number
[[nodiscard]] bool set_denoise_property(DenoiseSettings& settings, guint id, const GValue* value);
[[nodiscard]] bool get_denoise_property(const DenoiseSettings& settings, guint id, GValue* value);

}  // namespace rdenoise::gst

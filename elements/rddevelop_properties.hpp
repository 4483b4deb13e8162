// SPDX-License-Identifier: LGPL-2.1-or-later
// The properties of rddevelop.
#pragma once

#include <gst/gst.h>

#include <rdenoise/isp.hpp>

namespace rdenoise::gst {

enum DevelopProperty {
  prop_white_balance = 1,
  prop_demosaic,
  prop_color_matrix,
  prop_exposure,
  prop_tone_curve,
  prop_black_level,
  prop_white_level,
  prop_n_threads
};

enum class WhiteBalance { camera, automatic, none };
enum class ColorMatrix { camera, none };

/// What the user asked for. Guarded by the object lock; copied out once for each frame.
struct DevelopSettings {
  WhiteBalance white_balance = WhiteBalance::camera;
  DemosaicMethod demosaic = DevelopOptions{}.demosaic;
  ColorMatrix color_matrix = ColorMatrix::camera;
  double exposure_ev = 0.0;
  ToneCurve tone_curve = ToneCurve::srgb;
  double black_level_dn = -1.0;
  double white_level_dn = -1.0;
  int n_threads = 0;
};

void install_develop_properties(GObjectClass* object_class);

/// Both for a caller that holds the object lock.
/// returns  false if there is no property of that number
[[nodiscard]] bool set_develop_property(DevelopSettings& settings, guint id, const GValue* value);
[[nodiscard]] bool get_develop_property(const DevelopSettings& settings, guint id, GValue* value);

}  // namespace rdenoise::gst

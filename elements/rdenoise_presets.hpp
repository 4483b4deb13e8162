// SPDX-License-Identifier: LGPL-2.1-or-later
// GstPreset for rdenoise: lightest, light, live, balanced and best are built in, so that gst_preset_load_preset() finds
// them wherever the plugin lies. Presets that users save are files, as with every element.
#pragma once

#include <gst/gst.h>

namespace rdenoise::gst {

/// The properties that built-in presets set.
inline constexpr const char* preset_property_name = "preset";

/// For G_IMPLEMENT_INTERFACE(GST_TYPE_PRESET, …).
void init_preset_interface(gpointer interface, gpointer unused);

}  // namespace rdenoise::gst

// SPDX-License-Identifier: LGPL-2.1-or-later
// Owners of GStreamer's reference-counted things.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

namespace rdn::preview {

struct ObjectUnref {
  void operator()(gpointer object) const noexcept { gst_object_unref(object); }
};
struct MiniObjectUnref {
  void operator()(gpointer object) const noexcept { gst_mini_object_unref(static_cast<GstMiniObject*>(object)); }
};
struct Free {
  void operator()(gpointer memory) const noexcept { g_free(memory); }
};

using Element = std::unique_ptr<GstElement, ObjectUnref>;
using Pad = std::unique_ptr<GstPad, ObjectUnref>;
using Bus = std::unique_ptr<GstBus, ObjectUnref>;
using Buffer = std::unique_ptr<GstBuffer, MiniObjectUnref>;
using Caps = std::unique_ptr<GstCaps, MiniObjectUnref>;
using Sample = std::unique_ptr<GstSample, MiniObjectUnref>;

/// The text of a newly allocated C string, which is freed; empty for null.
inline std::string take_text(gchar* text) {
  const std::unique_ptr<gchar, Free> owner(text);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace rdn::preview

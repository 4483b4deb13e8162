// SPDX-License-Identifier: LGPL-2.1-or-later
// What the classes of this plugin's transforms have in common beside buffers.
#pragma once

#include <gst/base/gstbasetransform.h>

namespace rdenoise::gst {

/// Sets properties under a GstController to their values at the buffer's time; for before_transform.
void sync_properties(GstBaseTransform* transform, GstBuffer* buffer);

/// One sink and one source pad, always there. Takes the caps.
void add_pad_templates(GstElementClass* element_class, GstCaps* sink_caps, GstCaps* src_caps);

}  // namespace rdenoise::gst

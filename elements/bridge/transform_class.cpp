// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/transform_class.hpp"

namespace rdenoise::gst {

void sync_properties(GstBaseTransform* transform, GstBuffer* buffer) {
  // Sources of bytes, as multifilesrc, have no times to control properties by.
  if (transform->segment.format != GST_FORMAT_TIME) return;
  const GstClockTime time =
      gst_segment_to_stream_time(&transform->segment, GST_FORMAT_TIME, GST_BUFFER_TIMESTAMP(buffer));
  if (GST_CLOCK_TIME_IS_VALID(time)) gst_object_sync_values(GST_OBJECT(transform), time);
}

void add_pad_templates(GstElementClass* element_class, GstCaps* sink_caps, GstCaps* src_caps) {
  gst_element_class_add_pad_template(element_class,
                                     gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, sink_caps));
  gst_element_class_add_pad_template(element_class, gst_pad_template_new("src", GST_PAD_SRC, GST_PAD_ALWAYS, src_caps));
  gst_caps_unref(sink_caps);
  gst_caps_unref(src_caps);
}

}  // namespace rdenoise::gst

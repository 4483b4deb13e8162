// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bridge/frame_buffers.hpp"

#include <gst/video/gstvideopool.h>

#include <algorithm>

#include "bridge/caps.hpp"

namespace rdenoise::gst {

gboolean frame_unit_size(GstBaseTransform*, GstCaps* caps, gsize* size) {
  const auto format = parse_caps(caps);
  if (!format) return FALSE;
  *size = format->size_bytes;
  return TRUE;
}

gboolean frame_transform_size(GstBaseTransform* transform, GstPadDirection, GstCaps*, gsize, GstCaps* other_caps,
                              gsize* other_size) {
  return frame_unit_size(transform, other_caps, other_size);
}

void offer_video_meta(GstQuery* query) { gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr); }

gboolean choose_pool(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  const auto format = parse_caps(caps);
  if (!format) return FALSE;

  GstBufferPool* pool = nullptr;
  guint size = 0;
  guint min_buffers = 0;
  guint max_buffers = 0;
  const bool pool_offered = gst_query_get_n_allocation_pools(query) > 0;
  if (pool_offered) gst_query_parse_nth_allocation_pool(query, 0, &pool, &size, &min_buffers, &max_buffers);
  // A video pool lays out planes by GstVideoInfo, which knows no bayer.
  if (pool == nullptr) pool = format->is_bayer() ? gst_buffer_pool_new() : gst_video_buffer_pool_new();
  size = std::max(size, static_cast<guint>(format->size_bytes));

  GstStructure* config = gst_buffer_pool_get_config(pool);
  gst_buffer_pool_config_set_params(config, caps, size, min_buffers, max_buffers);
  if (gst_query_find_allocation_meta(query, GST_VIDEO_META_API_TYPE, nullptr) &&
      gst_buffer_pool_has_option(pool, GST_BUFFER_POOL_OPTION_VIDEO_META)) {
    gst_buffer_pool_config_add_option(config, GST_BUFFER_POOL_OPTION_VIDEO_META);
  }
  gst_buffer_pool_set_config(pool, config);
  if (pool_offered) {
    gst_query_set_nth_allocation_pool(query, 0, pool, size, min_buffers, max_buffers);
  } else {
    gst_query_add_allocation_pool(query, pool, size, min_buffers, max_buffers);
  }
  gst_object_unref(pool);
  return TRUE;
}

}  // namespace rdenoise::gst

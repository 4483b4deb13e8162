// SPDX-License-Identifier: LGPL-2.1-or-later
// What every transform of this plugin answers about buffers: their size, and that GstVideoMeta is understood.
#pragma once

#include <gst/base/gstbasetransform.h>

namespace rdenoise::gst {

/// Implements GstBaseTransformClass::get_unit_size for raw video and bayer caps.
gboolean frame_unit_size(GstBaseTransform* transform, GstCaps* caps, gsize* size);

/// Implements transform_size: the size follows from the other caps alone, because a padded input has its own.
gboolean frame_transform_size(GstBaseTransform* transform, GstPadDirection direction, GstCaps* caps, gsize size,
                              GstCaps* other_caps, gsize* other_size);

/// Adds GstVideoMeta to an allocation query from upstream: any stride is welcome.
void offer_video_meta(GstQuery* query);

/// Makes sure that the query for output buffers has a pool, with GstVideoMeta if downstream understands it.
gboolean choose_pool(GstQuery* query);

}  // namespace rdenoise::gst

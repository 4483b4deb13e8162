// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS
#define RD_TYPE_DENOISE (rd_denoise_get_type())
G_DECLARE_FINAL_TYPE(Rdenoise, rd_denoise, RD, DENOISE, GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE(rdenoise)
G_END_DECLS

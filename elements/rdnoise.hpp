// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS
#define RD_TYPE_NOISE (rd_noise_get_type())
G_DECLARE_FINAL_TYPE(RdNoise, rd_noise, RD, NOISE, GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE(rdnoise)
G_END_DECLS

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS
#define RD_TYPE_NOISE_EST (rd_noise_est_get_type())
G_DECLARE_FINAL_TYPE(RdNoiseEst, rd_noise_est, RD, NOISE_EST, GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE(rdnoiseest)
G_END_DECLS

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
#define RD_TYPE_RAW_DEC (rd_raw_dec_get_type())
G_DECLARE_FINAL_TYPE(RdRawDec, rd_raw_dec, RD, RAW_DEC, GstElement)
GST_ELEMENT_REGISTER_DECLARE(rdrawdec)
G_END_DECLS

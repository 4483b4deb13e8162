// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS
#define RD_TYPE_DEVELOP (rd_develop_get_type())
G_DECLARE_FINAL_TYPE(RdDevelop, rd_develop, RD, DEVELOP, GstBaseTransform)
GST_ELEMENT_REGISTER_DECLARE(rddevelop)
G_END_DECLS

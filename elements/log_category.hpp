// SPDX-License-Identifier: LGPL-2.1-or-later
// GST_DEBUG=rdenoise:…, for the files that rdenoise is made of.
#pragma once

#include <gst/gst.h>

GST_DEBUG_CATEGORY_EXTERN(rdenoise_debug);

// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bridge/mapped_frame.hpp"

namespace rdenoise::gst {

/// Copies what is no channel: alpha, and the x of RGBx. Nothing where a format has none.
/// The channels beside it may be overwritten: they are to be written afterwards.
void copy_fourth_sample(const FrameFormat& format, const MappedFrame& src, const MappedFrame& dst);

}  // namespace rdenoise::gst

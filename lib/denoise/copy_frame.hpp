// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// Copies every channel: bit by bit where the two store samples alike, else through normalised signal. Same size and
/// colour model.
void copy_frame(const ConstFrameView& src, const FrameView& dst);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// Gray and rgb frames as pictures of their own, for work that is no filter on rows.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise::gst {

/// Normalised signal of a gray or rgb frame.
[[nodiscard]] Image read_image(const ConstFrameView& frame);

/// The image has the size and the channels of the frame.
void write_image(const Image& image, const FrameView& frame);

}  // namespace rdenoise::gst

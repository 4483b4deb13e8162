// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise {

/// True for yuv with chroma of half the size (rounded up) in both directions. Pixels are not looked at.
[[nodiscard]] bool is_420(const ConstFrameView& frame) noexcept;
[[nodiscard]] bool is_420(const PixelFormat& format) noexcept;

}  // namespace rdenoise

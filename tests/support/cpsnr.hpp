// SPDX-License-Identifier: LGPL-2.1-or-later
// Composite PSNR, the measure of the demosaicing papers.
#pragma once

#include <rdenoise/image.hpp>

namespace rdenoise::test {

/// 10·log10(255²/MSE) over all colours and pixels, `restored` clipped and rounded to 8 bit as a viewer would.
///
/// border_px  pixels left out on all sides
[[nodiscard]] double cpsnr_db(const Image& reference, const Image& restored, int border_px);

}  // namespace rdenoise::test

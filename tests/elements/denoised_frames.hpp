// SPDX-License-Identifier: LGPL-2.1-or-later
// A frame denoised by the library and by the element rdenoise, for comparison.
#pragma once

#include <rdenoise/noise.hpp>
#include <string>
#include <vector>

#include "elements/test_frames.hpp"

namespace rdenoise::test {

/// Its samples after the library, with the model that rdenoise chooses for such frames unless one is named.
[[nodiscard]] std::vector<float> denoised_directly(GstBuffer* frame, const FrameLayout& layout,
                                                   const NoiseProfile& noise, const std::string& model = "");

/// Its samples after an rdenoise that was launched like this.
[[nodiscard]] std::vector<float> denoised_by_element(const std::string& launch, const FrameLayout& layout,
                                                     GstBuffer* frame);

}  // namespace rdenoise::test

// SPDX-License-Identifier: LGPL-2.1-or-later
// EstimateMethod::level_function on a frame.
#pragma once

#include <rdenoise/noise.hpp>

namespace rdenoise {

/// See estimate_noise() and fit_level_functions().
[[nodiscard]] NoiseProfile estimate_level_functions(const ConstFrameView& frame, int max_patches);

}  // namespace rdenoise

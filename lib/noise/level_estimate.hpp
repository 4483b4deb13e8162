// SPDX-License-Identifier: LGPL-2.1-or-later
// EstimateMethod::level_function on a frame.
#pragma once

#include <rdenoise/noise.hpp>

namespace rdenoise {

struct LevelEstimate {
  NoiseProfile profile;
  bool is_colored = false;  ///< the noise of gray, luma or green is correlated from pixel to pixel: see is_colored()
};

/// See estimate_noise() and fit_level_functions().
[[nodiscard]] LevelEstimate estimate_level_functions(const ConstFrameView& frame, int max_patches);

}  // namespace rdenoise

// SPDX-License-Identifier: LGPL-2.1-or-later
// The noise that a denoiser leaves.
#pragma once

#include <functional>
#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise {

struct ResidualNoiseOptions {
  std::uint64_t seed = 1;
  /// Step that the result is rounded to, in normalised signal; 0: not rounded. Adds a twelfth of its square.
  double rounding_step = 0.0;
  /// From the denoiser's signal to the one that the profile is for; by default they are the same.
  std::function<Image(Image)> to_output = {};
};

/// What is left cannot be measured in the one result: it is smooth, as the picture is, and an estimate of white noise
/// finds a thirtieth of it. So the result is taken for the scene: noise is drawn on it three times, all are denoised,
/// and their variance is what is left, to which a·x + b is fitted. Looks at the flat places of 6 to 16 windows of
/// 128×128 pixels, from dark to bright ones. (The principle is the parametric bootstrap of Efron, "Bootstrap methods:
/// another look at the jackknife", Annals of Statistics 1979.)
///
/// How much of weak noise a network leaves may rise with the noise itself; no a, b ≥ 0 follow a variance that rises
/// faster than the level. The fit is then right on the average of the pixels, by ratio: told too much in the dark, too
/// little in bright places.
///
/// denoised  a frame that `denoise` made; any color model but yuv
/// noise     of the frame before, as `denoise` was told
/// denoise   from frame to frame of the same color model and float samples; called three times
/// returns   a profile for the channels of `denoised`, confidence 1; nothing is drawn of a noise of 0, so it is 0 then
[[nodiscard]] NoiseProfile residual_noise(const ConstFrameView& denoised, const NoiseProfile& noise,
                                          const std::function<void(const ConstFrameView&, const FrameView&)>& denoise,
                                          const ResidualNoiseOptions& options = {});

}  // namespace rdenoise

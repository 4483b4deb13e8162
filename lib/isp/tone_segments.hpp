// SPDX-License-Identifier: LGPL-2.1-or-later
// The two segments of a tone curve: slope·x up to linear_end, then scale·x^exponent − offset.
#pragma once

#include <rdenoise/isp.hpp>

namespace rdenoise {

struct ToneSegments {
  float linear_end;
  float slope;
  float scale;
  float exponent;
  float offset;
};

inline constexpr ToneSegments srgb_segments{0.0031308F, 12.92F, 1.055F, 1.F / 2.4F, 0.055F};
inline constexpr ToneSegments bt709_segments{0.018F, 4.5F, 1.099F, 0.45F, 0.099F};

/// Not for ToneCurve::linear.
[[nodiscard]] constexpr const ToneSegments& tone_segments(ToneCurve curve) noexcept {
  return curve == ToneCurve::srgb ? srgb_segments : bt709_segments;
}

}  // namespace rdenoise

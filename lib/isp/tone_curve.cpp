// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <rdenoise/isp.hpp>

#include "isp/tone_segments.hpp"

namespace rdenoise {

std::string_view to_string(ToneCurve curve) noexcept {
  switch (curve) {
    case ToneCurve::srgb:
      return "srgb";
    case ToneCurve::bt709:
      return "bt709";
    case ToneCurve::linear:
      return "linear";
  }
  return "unknown";
}

float encode_tone(ToneCurve curve, float linear) noexcept {
  if (curve == ToneCurve::linear) return linear;
  const ToneSegments& t = tone_segments(curve);
  const float x = std::abs(linear);
  const float y = x <= t.linear_end ? t.slope * x : t.scale * std::pow(x, t.exponent) - t.offset;
  return std::copysign(y, linear);
}

float decode_tone(ToneCurve curve, float encoded) noexcept {
  if (curve == ToneCurve::linear) return encoded;
  const ToneSegments& t = tone_segments(curve);
  const float y = std::abs(encoded);
  const float x = y <= t.slope * t.linear_end ? y / t.slope : std::pow((y + t.offset) / t.scale, 1.F / t.exponent);
  return std::copysign(x, encoded);
}

}  // namespace rdenoise

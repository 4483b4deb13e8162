// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/tone_row.hpp"

#include <bit>
#include <cmath>
#include <cstdint>

#include "isp/tone_segments.hpp"
#include "isp/vector_clones.hpp"

namespace rdenoise {
namespace {

// log2 and 2^x without calls or branches, so that loops over them become vector code. Domain: normal positive floats.

/// log2 of the mantissa by 2·atanh((m − 1)/(m + 1))/ln 2 with m in [√½, √2): the first term left out is below 5e-8.
inline float fast_log2(float x) {
  constexpr std::int32_t sqrt_half_bits = 0x3f3504f3;
  const auto bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - sqrt_half_bits) >> 23;
  const float m = std::bit_cast<float>(bits - (exponent << 23));
  const float t = (m - 1.F) / (m + 1.F);
  const float t2 = t * t;
  const float series = 2.88539008F + t2 * (0.96179669F + t2 * (0.57707802F + t2 * 0.41219859F));
  return static_cast<float>(exponent) + t * series;
}

/// Taylor series of 2^f, |f| ≤ ½: the first term left out is below 1.2e-7.
inline float fast_exp2(float x) {
  const auto whole = static_cast<std::int32_t>(x + (x < 0.F ? -0.5F : 0.5F));
  const float f = x - static_cast<float>(whole);
  const float series =
      1.F + f * (0.69314718F +
                 f * (0.24022651F + f * (0.05550411F + f * (0.00961813F + f * (0.00133336F + f * 0.00015404F)))));
  return std::bit_cast<float>((whole + 127) << 23) * series;
}

RDENOISE_VECTOR_CLONES void encode(const ToneSegments& t, float* samples, std::size_t count) {
  const ToneSegments s = t;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = samples[i] < 0.F ? -samples[i] : samples[i];
    // Keeps the power's argument a normal number; the linear segment is taken there anyway.
    const float base = x > s.linear_end ? x : s.linear_end;
    const float power = s.scale * fast_exp2(s.exponent * fast_log2(base)) - s.offset;
    const float y = x > s.linear_end ? power : s.slope * x;
    samples[i] = samples[i] < 0.F ? -y : y;
  }
}

}  // namespace

void encode_tone_row(ToneCurve curve, std::span<float> samples) {
  if (curve != ToneCurve::linear) encode(tone_segments(curve), samples.data(), samples.size());
}

}  // namespace rdenoise

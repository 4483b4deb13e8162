// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/tone_row.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/vector_clones.hpp"
#include "isp/tone_segments.hpp"

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
  // Adding 1.5·2^23 leaves no bits for a fraction, so the sum's low bits are x rounded to nearest.
  constexpr float rounder = 12582912.F;
  const float rounded = x + rounder;
  const std::int32_t whole = std::bit_cast<std::int32_t>(rounded) - std::bit_cast<std::int32_t>(rounder);
  const float f = x - (rounded - rounder);
  const float series =
      1.F + f * (0.69314718F +
                 f * (0.24022651F + f * (0.05550411F + f * (0.00961813F + f * (0.00133336F + f * 0.00015404F)))));
  return std::bit_cast<float>((whole + 127) << 23) * series;
}

RDENOISE_VECTOR_CLONES void encode(const ToneSegments& segments, float* samples, std::size_t count) {
  constexpr std::uint32_t sign_bit = 0x80000000U;
  const ToneSegments t = segments;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(samples[i]);
    const float x = std::bit_cast<float>(bits & ~sign_bit);
    // The least argument keeps the power's domain; the linear segment is taken there anyway.
    const float power = t.scale * fast_exp2(t.exponent * fast_log2(std::max(x, t.linear_end))) - t.offset;
    const float line = t.slope * x;
    const float y = x > t.linear_end ? power : line;
    samples[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(y) | (bits & sign_bit));
  }
}

RDENOISE_VECTOR_CLONES void decode(const ToneSegments& segments, float* samples, std::size_t count) {
  constexpr std::uint32_t sign_bit = 0x80000000U;
  const ToneSegments t = segments;
  const float encoded_end = t.slope * t.linear_end;
  const float exponent = 1.F / t.exponent;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(samples[i]);
    const float y = std::bit_cast<float>(bits & ~sign_bit);
    const float power = fast_exp2(exponent * fast_log2((std::max(y, encoded_end) + t.offset) / t.scale));
    const float line = y / t.slope;
    const float x = y > encoded_end ? power : line;
    samples[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) | (bits & sign_bit));
  }
}

RDENOISE_VECTOR_CLONES void power(float exponent, float* samples, std::size_t count) {
  constexpr std::uint32_t sign_bit = 0x80000000U;
  constexpr float least = 1e-37F;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(samples[i]);
    const float x = std::bit_cast<float>(bits & ~sign_bit);
    // 2^x has normal floats for its domain: beyond them the result is as good as 0 or far beyond white.
    const float log2_y = std::min(std::max(exponent * fast_log2(std::max(x, least)), -126.F), 126.F);
    const float y = x > least ? fast_exp2(log2_y) : 0.F;
    samples[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(y) | (bits & sign_bit));
  }
}

}  // namespace

void encode_tone_row(ToneCurve curve, std::span<float> samples) {
  if (curve != ToneCurve::linear) encode(tone_segments(curve), samples.data(), samples.size());
}

void decode_tone_row(ToneCurve curve, std::span<float> samples) {
  if (curve != ToneCurve::linear) decode(tone_segments(curve), samples.data(), samples.size());
}

void power_row(float exponent, std::span<float> samples) { power(exponent, samples.data(), samples.size()); }

}  // namespace rdenoise

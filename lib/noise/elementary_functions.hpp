// SPDX-License-Identifier: LGPL-2.1-or-later
// Logarithm and exponential in plain arithmetic: they run in vector registers and give the same bits on every
// processor, which the C library's do not.
#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

namespace rdenoise {

/// ln u of a normal positive number. ln(2ᵉ·m) = e·ln 2 + 2·artanh((m − 1)/(m + 1)) with m in [√½, √2), where the odd
/// series to the 9th power is exact to float precision.
[[nodiscard]] inline float natural_log(float u) noexcept {
  const auto bits = std::bit_cast<std::int32_t>(u);
  constexpr std::int32_t sqrt_half_bits = 0x3F3504F3;
  const std::int32_t exponent = (bits - sqrt_half_bits) >> 23;
  const float mantissa = std::bit_cast<float>(bits - (exponent << 23));
  const float s = (mantissa - 1.F) / (mantissa + 1.F);
  const float s2 = s * s;
  const float series = 1.F + s2 * (1.F / 3 + s2 * (1.F / 5 + s2 * (1.F / 7 + s2 * (1.F / 9))));
  return static_cast<float>(exponent) * std::numbers::ln2_v<float> + 2.F * s * series;
}

/// The same to double precision: the series to the 19th power.
[[nodiscard]] inline double natural_log(double u) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(u);
  constexpr std::uint64_t sqrt_half_bits = 0x3FE6A09E667F3BCD;
  constexpr std::uint64_t bias = 1023;
  const std::uint64_t biased_exponent = (bits - sqrt_half_bits + (bias << 52)) >> 52;
  const double mantissa = std::bit_cast<double>(bits - (biased_exponent << 52) + (bias << 52));
  // An integer in the low bits of 2⁵²: no vector unit before AVX-512 converts 64-bit integers.
  const double exponent = std::bit_cast<double>(biased_exponent | 0x4330000000000000) - (0x1p52 + bias);
  const double s = (mantissa - 1.0) / (mantissa + 1.0);
  const double s2 = s * s;
  double series = 1.0 / 19;
  series = series * s2 + 1.0 / 17;
  series = series * s2 + 1.0 / 15;
  series = series * s2 + 1.0 / 13;
  series = series * s2 + 1.0 / 11;
  series = series * s2 + 1.0 / 9;
  series = series * s2 + 1.0 / 7;
  series = series * s2 + 1.0 / 5;
  series = series * s2 + 1.0 / 3;
  series = series * s2 + 1.0;
  return exponent * std::numbers::ln2 + 2.0 * s * series;
}

/// eˣ for |x| ≤ 80, relative error below 3e-7. eˣ = 2ᵏ·eʳ with |r| ≤ ½·ln 2; ln 2 in two parts keeps r exact.
[[nodiscard]] inline float exponential(float x) noexcept {
  // Adding and taking away 1.5·2²³ rounds to an integer.
  constexpr float rounder = 0x1.8p23F;
  const float k = (x * std::numbers::log2e_v<float> + rounder) - rounder;
  const float r = (x - k * 0.693359375F) - k * -2.12194440e-4F;
  const float series =
      1.F + r * (1.F + r * (1.F / 2 + r * (1.F / 6 + r * (1.F / 24 + r * (1.F / 120 + r * (1.F / 720))))));
  return series * std::bit_cast<float>((static_cast<std::int32_t>(k) + 127) << 23);
}

/// eˣ for |x| ≤ 700, relative error below 1e-15: the Taylor series to the 13th power on |r| ≤ ½·ln 2.
[[nodiscard]] inline double exponential(double x) noexcept {
  constexpr double rounder = 0x1.8p52;
  const double shifted = x * std::numbers::log2e + rounder;
  const double k = shifted - rounder;
  // 33 bits of ln 2, so that k times them is exact, and the rest.
  const double r = (x - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33;
  double series = 1.0 / 6227020800;
  series = series * r + 1.0 / 479001600;
  series = series * r + 1.0 / 39916800;
  series = series * r + 1.0 / 3628800;
  series = series * r + 1.0 / 362880;
  series = series * r + 1.0 / 40320;
  series = series * r + 1.0 / 5040;
  series = series * r + 1.0 / 720;
  series = series * r + 1.0 / 120;
  series = series * r + 1.0 / 24;
  series = series * r + 1.0 / 6;
  series = series * r + 0.5;
  series = series * r + 1.0;
  series = series * r + 1.0;
  // The low bits of the shifted number are k as an integer.
  const auto exponent = std::bit_cast<std::int64_t>(shifted) - std::bit_cast<std::int64_t>(rounder);
  return series * std::bit_cast<double>((exponent + 1023) << 52);
}

}  // namespace rdenoise

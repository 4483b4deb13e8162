// SPDX-License-Identifier: LGPL-2.1-or-later
// Philox 4×32-10: a bijection of 128-bit counters that looks random. Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011, section 3.3 and table 2 for the constants.
#pragma once

#include <array>
#include <cstdint>
#include <rdenoise/noise.hpp>

namespace rdenoise::philox {

inline constexpr int rounds = 10;
inline constexpr std::uint32_t multiplier_0 = 0xD2511F53;
inline constexpr std::uint32_t multiplier_1 = 0xCD9E8D57;
inline constexpr std::uint32_t key_step_0 = 0x9E3779B9;  // golden ratio
inline constexpr std::uint32_t key_step_1 = 0xBB67AE85;  // √3 − 1

using Counter = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

/// One of ten rounds, in place.
inline void round(std::uint32_t& c0, std::uint32_t& c1, std::uint32_t& c2, std::uint32_t& c3, std::uint32_t k0,
                  std::uint32_t k1) noexcept {
  const std::uint64_t product_0 = static_cast<std::uint64_t>(multiplier_0) * c0;
  const std::uint64_t product_1 = static_cast<std::uint64_t>(multiplier_1) * c2;
  c0 = static_cast<std::uint32_t>(product_1 >> 32) ^ c1 ^ k0;
  c1 = static_cast<std::uint32_t>(product_1);
  c2 = static_cast<std::uint32_t>(product_0 >> 32) ^ c3 ^ k1;
  c3 = static_cast<std::uint32_t>(product_0);
}

[[nodiscard]] inline Counter block(Counter counter, Key key) noexcept {
  for (int i = 0; i < rounds; ++i) {
    round(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
    key[0] += key_step_0;
    key[1] += key_step_1;
  }
  return counter;
}

/// What the numbers are for: fields of one seed and stream that must not share numbers.
enum class Purpose : std::uint32_t {
  uniform,
  read_noise,
  shot_noise,
  photon_count,
  tukey_read_noise,
  row_noise,
  hot_pixel,
  sensor_choice,
  sensor_scale
};

[[nodiscard]] inline Key key_of(const NoiseSeed& seed) noexcept {
  return {static_cast<std::uint32_t>(seed.seed), static_cast<std::uint32_t>(seed.seed >> 32)};
}

/// attempt < 2²⁴ numbers further draws for the same index.
[[nodiscard]] inline Counter counter_of(const NoiseSeed& seed, Purpose purpose, std::uint64_t index,
                                        std::uint32_t attempt = 0) noexcept {
  return {static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32), seed.stream,
          static_cast<std::uint32_t>(purpose) | attempt << 8};
}

}  // namespace rdenoise::philox

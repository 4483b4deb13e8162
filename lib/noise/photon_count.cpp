// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/photon_count.hpp"

#include <cmath>

namespace rdenoise {
namespace {

using philox::Counter;

// ln k!, by Stirling's series from 10 on (next term below 1e-9).
double log_factorial(double k) noexcept {
  static constexpr double table[] = {0.0,
                                     0.0,
                                     0.6931471805599453,
                                     1.791759469228055,
                                     3.1780538303479458,
                                     4.787491742782046,
                                     6.579251212010101,
                                     8.525161361065415,
                                     10.60460290274525,
                                     12.801827480081469};
  if (k < 10.0) return table[static_cast<int>(k)];
  constexpr double half_log_two_pi = 0.9189385332046727;
  const double r = 1.0 / k;
  return (k + 0.5) * std::log(k) - k + half_log_two_pi + r * (1.0 / 12 - r * r * (1.0 / 360 - r * r * (1.0 / 1260)));
}

Counter draw(const NoiseSeed& seed, std::uint64_t index, std::uint32_t attempt) noexcept {
  return philox::block(philox::counter_of(seed, philox::Purpose::photon_count, index, attempt), philox::key_of(seed));
}

double open_uniform(std::uint32_t word) noexcept { return (word + 0.5) * 0x1p-32; }

// Inversion by sequential search; 53 random bits, so the tail is true down to 1e-16.
double by_inversion(double mean, const Counter& words) noexcept {
  const std::uint64_t bits = static_cast<std::uint64_t>(words[0]) << 32 | words[1];
  double rest = static_cast<double>(bits >> 11) * 0x1p-53;
  double probability = std::exp(-mean);
  double count = 0.0;
  // Above 100 the remaining probability (mean < 10) is 0 in double precision.
  while (rest >= probability && count < 100.0) {
    rest -= probability;
    count += 1.0;
    probability *= mean / count;
  }
  return count;
}

// Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
// Economics 12 (1993), algorithm PTRS; for means from 10 on.
double by_transformed_rejection(double mean, const NoiseSeed& seed, std::uint64_t index) noexcept {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2.0);
  const double log_mean = std::log(mean);
  // A pair of words is accepted with probability > 0.7: 64 blocks never fail in practice.
  for (std::uint32_t attempt = 0; attempt < 64; ++attempt) {
    const Counter words = draw(seed, index, attempt);
    for (int pair = 0; pair < 4; pair += 2) {
      const double u = open_uniform(words[pair]) - 0.5;
      const double v = open_uniform(words[pair + 1]);
      const double us = 0.5 - std::abs(u);
      const double k = std::floor((2.0 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= v_r) return k;
      if (k < 0.0 || (us < 0.013 && v > us)) continue;
      if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * log_mean - mean - log_factorial(k)) return k;
    }
  }
  return std::floor(mean);
}

}  // namespace

double photon_count(double mean, const NoiseSeed& seed, std::uint64_t index) noexcept {
  if (!(mean > 0.0)) return 0.0;
  if (mean < 10.0) return by_inversion(mean, draw(seed, index, 0));
  return by_transformed_rejection(mean, seed, index);
}

}  // namespace rdenoise

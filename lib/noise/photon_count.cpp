// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/photon_count.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/vector_clones.hpp"
#include "noise/elementary_functions.hpp"
#include "noise/philox_words.hpp"

namespace rdenoise {
namespace {

using philox::Counter;

Counter draw(const NoiseSeed& seed, std::uint64_t index, std::uint32_t attempt) noexcept {
  return philox::block(philox::counter_of(seed, philox::Purpose::photon_count, index, attempt), philox::key_of(seed));
}

// Vector units convert signed integers only.
inline double whole(std::uint32_t word) noexcept {
  return static_cast<double>(static_cast<std::int32_t>(word ^ 0x80000000U)) + 0x1p31;
}

inline double open_uniform(std::uint32_t word) noexcept { return (whole(word) + 0.5) * 0x1p-32; }

// 53 random bits in [0, 1).
inline double fine_uniform(std::uint32_t high, std::uint32_t low) noexcept {
  return (whole(high) * 0x1p21 + whole(low >> 11)) * 0x1p-53;
}

// ---- inversion by sequential search: 53 random bits, so the tail is true down to 1e-16 ----------------------------

constexpr double greatest_inverted_mean = 10.0;
// Above it the remaining probability is 0 in double precision.
constexpr int greatest_inverted_count = 100;

constexpr std::array<double, greatest_inverted_count + 1> reciprocal = [] {
  std::array<double, greatest_inverted_count + 1> table{};
  for (int k = 1; k <= greatest_inverted_count; ++k) table[static_cast<std::size_t>(k)] = 1.0 / k;
  return table;
}();

double by_inversion(double mean, const Counter& words) noexcept {
  double rest = fine_uniform(words[0], words[1]);
  double probability = exponential(-mean);
  int count = 0;
  while (rest >= probability && count < greatest_inverted_count) {
    rest -= probability;
    ++count;
    probability *= mean * reciprocal[static_cast<std::size_t>(count)];
  }
  return count;
}

// Lanes that have arrived keep their rest and probability, so they stay where they are.
RDENOISE_WIDE_VECTOR_CLONES
void invert_group(const double* mean, const NoiseSeed& seed, std::uint64_t first_index, double* counts) noexcept {
  philox::Words<gaussian_group_size> blocks;
  philox::fill_words(seed, philox::Purpose::photon_count, first_index, blocks);
  constexpr int lanes = 16;
  for (int first = 0; first < gaussian_group_size; first += lanes) {
    double rest[lanes];
    double probability[lanes];
    double count[lanes];
    for (int i = 0; i < lanes; ++i) {
      rest[i] = fine_uniform(blocks.word[0][first + i], blocks.word[1][first + i]);
      probability[i] = exponential(-mean[first + i]);
      count[i] = 0.0;
    }
    for (int k = 1; k <= greatest_inverted_count; ++k) {
      const double reciprocal_k = reciprocal[static_cast<std::size_t>(k)];
      std::int64_t moved = 0;
      // Unrolled, the loop would not become a vector.
#pragma GCC unroll 1
      for (int i = 0; i < lanes; ++i) {
        const double step = rest[i] >= probability[i] ? 1.0 : 0.0;
        const double next = probability[i] * (mean[first + i] * reciprocal_k);
        rest[i] = rest[i] >= probability[i] ? rest[i] - probability[i] : rest[i];
        probability[i] = step > 0.0 ? next : probability[i];
        count[i] += step;
        moved |= std::bit_cast<std::int64_t>(step);
      }
      if (moved == 0) break;
    }
    for (int i = 0; i < lanes; ++i) counts[first + i] = count[i];
  }
}

// ---- transformed rejection, for means from 10 on -------------------------------------------------------------------
// Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
// Economics 12 (1993), algorithm PTRS.

struct Hat {
  double a;
  double b;
};

inline Hat hat_of(double mean) noexcept {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  return {-0.059 + 0.02483 * b, b};
}

// ln k! of a great k by Stirling's series; from 8 on it is true to 1e-9.
inline double log_factorial(double k) noexcept {
  constexpr double half_log_two_pi = 0.9189385332046727;
  const double r = 1.0 / k;
  return (k + 0.5) * natural_log(k) - k + half_log_two_pi + r * (1.0 / 12 - r * r * (1.0 / 360 - r * r * (1.0 / 1260)));
}

constexpr double rejected = -1.0;

// The count that the pair of uniform numbers proposes, or `rejected`. & and | instead of && and ||: without branches a
// loop over lanes runs in vector registers.
inline double proposed_count(const Hat& hat, double mean, double log_mean, std::uint32_t u_word,
                             std::uint32_t v_word) noexcept {
  const double u = open_uniform(u_word) - 0.5;
  const double v = open_uniform(v_word);
  const double us = 0.5 - std::abs(u);
  const double k = std::floor((2.0 * hat.a / us + hat.b) * u + mean + 0.43);
  const bool inside = (us >= 0.07) & (v <= 0.9277 - 3.6224 / (hat.b - 2.0));
  const bool outside = (k < 0.0) | ((us < 0.013) & (v > us));
  // Small counts are too small for Stirling's series: ln k! = ln (k + 8)! − ln((k + 1)·…·(k + 8)).
  const double n = k < 0.0 ? 0.0 : k;
  const double product = (n + 1.0) * (n + 2.0) * (n + 3.0) * (n + 4.0) * (n + 5.0) * (n + 6.0) * (n + 7.0) * (n + 8.0);
  const double inverse_alpha = 1.1239 + 1.1328 / (hat.b - 3.4);
  const double ratio = v * inverse_alpha / ((hat.a / (us * us) + hat.b) * product);
  const bool below = natural_log(ratio) <= n * log_mean - mean - log_factorial(n + 8.0);
  return (inside | (!outside & below)) ? k : rejected;
}

double by_transformed_rejection(double mean, const NoiseSeed& seed, std::uint64_t index) noexcept {
  const Hat hat = hat_of(mean);
  const double log_mean = natural_log(mean);
  // A pair of words is accepted with probability > 0.7: 64 blocks never fail in practice.
  for (std::uint32_t attempt = 0; attempt < 64; ++attempt) {
    const Counter words = draw(seed, index, attempt);
    for (int pair = 0; pair < 4; pair += 2) {
      const double k = proposed_count(hat, mean, log_mean, words[pair], words[pair + 1]);
      if (k >= 0.0) return k;
    }
  }
  return std::floor(mean);
}

// The first attempt of each lane, or `rejected`.
RDENOISE_WIDE_VECTOR_CLONES
void first_attempts(const double* mean, const NoiseSeed& seed, std::uint64_t first_index, double* counts) noexcept {
  philox::Words<gaussian_group_size> blocks;
  philox::fill_words(seed, philox::Purpose::photon_count, first_index, blocks);
  for (int i = 0; i < gaussian_group_size; ++i) {
    const Hat hat = hat_of(mean[i]);
    const double log_mean = natural_log(mean[i]);
    const double first = proposed_count(hat, mean[i], log_mean, blocks.word[0][i], blocks.word[1][i]);
    const double second = proposed_count(hat, mean[i], log_mean, blocks.word[2][i], blocks.word[3][i]);
    counts[i] = first >= 0.0 ? first : second;
  }
}

}  // namespace

double photon_count(double mean, const NoiseSeed& seed, std::uint64_t index) noexcept {
  if (!(mean > 0.0)) return 0.0;
  if (mean < greatest_inverted_mean) return by_inversion(mean, draw(seed, index, 0));
  return by_transformed_rejection(mean, seed, index);
}

void photon_counts(const PhotonGroup& mean, const NoiseSeed& seed, std::uint64_t group_index,
                   PhotonGroup& counts) noexcept {
  const std::uint64_t first_index = group_index * gaussian_group_size;
  PhotonGroup low;  // lanes of the other method are idle
  PhotonGroup high;
  bool any_low = false;
  bool any_high = false;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    const bool is_high = mean[i] >= greatest_inverted_mean;
    const bool is_low = mean[i] > 0.0 && !is_high;
    low[i] = is_low ? mean[i] : 0.0;
    high[i] = is_high ? mean[i] : greatest_inverted_mean;
    any_low |= is_low;
    any_high |= is_high;
  }
  counts.fill(0.0);
  if (any_low) invert_group(low.data(), seed, first_index, counts.data());
  if (!any_high) return;
  PhotonGroup attempts;
  first_attempts(high.data(), seed, first_index, attempts.data());
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if (!(mean[i] >= greatest_inverted_mean)) continue;
    counts[i] = attempts[i] >= 0.0 ? attempts[i] : by_transformed_rejection(mean[i], seed, first_index + i);
  }
}

}  // namespace rdenoise
